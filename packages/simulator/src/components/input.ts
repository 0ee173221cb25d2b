import { focusWhenShown, forgetFocus } from '../page/first-focus.ts'
import { suggestNickname } from '../wechat/nickname.ts'
import type { BuiltIn, BuiltInHost, MountedBuiltIn } from './built-in.ts'

type Control = HTMLInputElement | HTMLTextAreaElement

const SHARED_PROPERTIES = {
  value: '',
  placeholder: '',
  placeholderStyle: '',
  disabled: false,
  maxlength: 140,
  focus: false,
  autoFocus: false,
}

const KEYBOARDS: Record<string, string> = { number: 'numeric', digit: 'decimal', idcard: 'text' }

/**
 * `input`. For `type="nickname"` it suggests the user's WeChat nickname, and WeChat reviews the text.
 * Source: https://developers.weixin.qq.com/miniprogram/dev/component/input.html
 */
export const input: BuiltIn = {
  tag: 'input',
  properties: {
    ...SHARED_PROPERTIES,
    type: 'text',
    password: false,
    confirmType: 'done',
    confirmHold: false,
  },
  externalClasses: ['placeholder-class'],
  mount(host) {
    const control = host.document.createElement('input')
    control.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.isComposing) {
        host.emit('confirm', { value: control.value })
        // WeChat closes the keyboard, and the field loses the focus.
        if (!host.data['confirmHold']) control.blur()
      }
    })
    suggestNickname(host, {
      control,
      fill(name) {
        control.value = name
        control.dispatchEvent(createEvent(host.document, 'input'))
      },
      clear: () => mounted.field?.reset(''),
    })
    const mounted = mountControl(host, control, () => {
      const type = String(host.data['type'])
      control.type = host.data['password'] || type === 'safe-password' ? 'password' : 'text'
      control.inputMode = KEYBOARDS[type] ?? 'text'
      control.enterKeyHint = String(host.data['confirmType'])
      control.autocomplete = 'off'
    })
    return mounted
  },
}

// Created by the realm of the document, which may be that of an iframe.
function createEvent(document: Document, type: string): Event {
  const event = document.createEvent('Event')
  event.initEvent(type, true, false)
  return event
}

/** Source: https://developers.weixin.qq.com/miniprogram/dev/component/textarea.html */
export const textarea: BuiltIn = {
  tag: 'textarea',
  properties: { ...SHARED_PROPERTIES, autoHeight: false },
  externalClasses: ['placeholder-class'],
  mount(host) {
    const control = host.document.createElement('textarea')
    return mountControl(host, control, () => {
      if (host.data['autoHeight'] && control.scrollHeight > 0) {
        control.style.height = `${control.scrollHeight}px`
      }
    })
  },
}

function mountControl(host: BuiltInHost, control: Control, syncOwn: () => void): MountedBuiltIn {
  const hint = createHint(host)
  let initial: string | undefined
  let shown: unknown
  let isFocusWanted = false
  host.element.append(control)

  const show = (value: string): void => {
    if (control.value !== value) control.value = value
    hint.hidden = value !== ''
  }
  const type = (value: string): void => {
    shown = value
    host.component.setData({ value })
    hint.hidden = value !== ''
  }
  const detail = () => ({ value: control.value, cursor: control.selectionStart ?? 0 })

  control.addEventListener('input', () => {
    type(control.value)
    host.emit('input', { ...detail(), keyCode: 0 })
  })
  control.addEventListener('focus', () => host.emit('focus', { ...detail(), height: 0 }))
  control.addEventListener('blur', () => host.emit('blur', detail()))

  return {
    field: {
      value: () => control.value,
      reset: (text = initial ?? '') => {
        type(text)
        show(text)
      },
    },
    sync() {
      const { value, placeholder, placeholderStyle, focus } = host.data
      initial ??= String(value ?? '')
      if (value !== shown) {
        shown = value
        show(String(value ?? ''))
      }
      hint.textContent = String(placeholder)
      hint.setAttribute('style', String(placeholderStyle))
      syncAttributes(host, control)
      syncOwn()
      const wantsFocus = Boolean(focus) || Boolean(host.data['autoFocus'])
      if (wantsFocus && !isFocusWanted) focusWhenShown(control)
      else if (!wantsFocus) forgetFocus(control)
      isFocusWanted = wantsFocus
    },
  }
}

function syncAttributes(host: BuiltInHost, control: Control): void {
  const { placeholder, disabled, maxlength } = host.data
  control.placeholder = String(placeholder)
  control.disabled = Boolean(disabled)
  if (Number(maxlength) >= 0) control.maxLength = Number(maxlength)
  else control.removeAttribute('maxlength')
  const label = host.element.getAttribute('aria-label')
  if (label) control.setAttribute('aria-label', label)
}

// The placeholder is a separate node, because a class of the page may style it. The browser's own
// placeholder stays, transparent, so that tests and screen readers find it.
function createHint(host: BuiltInHost): HTMLElement {
  const root = host.component.getShadowRoot()
  const node = root?.createNativeNode('sim-hint')
  if (!root || !node) throw new Error('an input without a shadow tree')
  root.removeChildren(0, root.childNodes.length)
  root.appendChild(node)
  node.setNodeClass('placeholder-class')
  const hint = node.$$ as unknown as HTMLElement
  hint.setAttribute('aria-hidden', 'true')
  return hint
}
