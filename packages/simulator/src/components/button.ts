import { runOpenType } from '../wechat/open-type.ts'
import { actAsControl, type BuiltIn, type BuiltInHost, mountedBuiltInOf } from './built-in.ts'

const AGREE = 'agreePrivacyAuthorization'

/**
 * `button`. The open types that signing in needs are supported; others, such as `share`, do nothing.
 * Source: https://developers.weixin.qq.com/miniprogram/dev/component/button.html
 */
export const button: BuiltIn = {
  tag: 'button',
  properties: {
    size: 'default',
    type: 'default',
    plain: false,
    disabled: false,
    loading: false,
    formType: '',
    openType: '',
    hoverClass: 'button-hover',
  },
  mount(host) {
    const { element } = host
    actAsControl(host, 'button')
    element.addEventListener('click', () => press(host))
    return {
      sync() {
        const { size, type, plain, disabled, loading } = host.data
        element.setAttribute('size', String(size))
        element.setAttribute('type', String(type))
        element.toggleAttribute('plain', Boolean(plain))
        element.toggleAttribute('loading', Boolean(loading))
        element.toggleAttribute('disabled', Boolean(disabled))
        element.setAttribute('aria-disabled', String(Boolean(disabled)))
        element.setAttribute('aria-busy', String(Boolean(loading)))
        element.tabIndex = disabled ? -1 : 0
      },
    }
  },
}

function press(host: BuiltInHost): void {
  if (host.data['disabled']) return
  const { formType, openType } = host.data
  if (String(openType).split('|').includes(AGREE)) agree(host)
  const form = host.element.closest('wx-form')
  if (form && formType === 'submit') announce(host, form, 'sim-submit')
  if (form && formType === 'reset') {
    for (const field of form.querySelectorAll('*')) mountedBuiltInOf(field)?.field?.reset()
    announce(host, form, 'sim-reset')
  }
  for (const type of String(openType).split('|')) open(host, type)
}

/** Runs one of the open types, which can be combined as in `getPhoneNumber|agreePrivacyAuthorization`. */
function open(host: BuiltInHost, type: string): void {
  const { wechat, report } = host.context
  if (type === AGREE) return
  runOpenType(wechat, type).then((event) => event && host.emit(event.type, event.detail), report)
}

/** Runs before all other effects of the tap, because they may need the consent. */
function agree(host: BuiltInHost): void {
  host.context.wechat.wxCallbacks()?.privacyAgreed(host.element.id)
  host.emit('agreeprivacyauthorization', {})
}

// The event must be created by the realm of the document, which may be that of an iframe.
function announce(host: BuiltInHost, form: Element, type: string): void {
  const event = host.document.createEvent('Event')
  event.initEvent(type, false, false)
  form.dispatchEvent(event)
}
