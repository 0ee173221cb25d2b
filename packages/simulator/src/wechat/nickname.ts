import type { BuiltInHost } from '../components/built-in.ts'

interface NicknameField {
  control: HTMLInputElement
  /** Writes the name into the field as typing does. */
  fill(name: string): void
  /** Removes the text without an `input` event. */
  clear(): void
}

/**
 * Adds to `input type="nickname"` the suggestion of the user's WeChat nickname above the keyboard, and the review
 * after the field has lost the focus.
 */
export function suggestNickname(host: BuiltInHost, { control, fill, clear }: NicknameField): void {
  const { document, element, context } = host
  let bar: HTMLElement | undefined

  const hide = (): void => {
    bar?.remove()
    bar = undefined
  }
  const show = (name: string): void => {
    hide()
    bar = document.createElement('div')
    bar.className = 'sim-nickname'
    const button = document.createElement('button')
    button.type = 'button'
    button.dataset['testid'] = 'nickname-suggestion'
    button.append('用微信昵称 ', Object.assign(document.createElement('b'), { textContent: name }))
    // Pressing the button must not move the focus from the field.
    button.addEventListener('mousedown', (event) => event.preventDefault())
    button.addEventListener('click', (event) => {
      event.stopPropagation()
      fill(name)
      control.focus()
      hide()
    })
    bar.append(button)
    element.append(bar)
  }

  control.addEventListener('focus', () => {
    const person = context.wechat.openType.person?.()
    if (host.data['type'] !== 'nickname' || !person || bar) return
    const consent = context.wechat.wxCallbacks()?.requirePrivacy('input.nickname')
    Promise.resolve(consent).then(
      () => document.activeElement === control && show(person.nickname),
      // Without privacy consent there is no suggestion.
      hide,
    )
  })
  element.addEventListener('focusout', (event) => {
    if (element.contains(event.relatedTarget as Node | null)) return
    if (host.data['type'] === 'nickname') review(host, control, clear).catch(context.report)
    hide()
  })
}

/** A newer text in the field is not the one that was refused, so it stays. */
async function review(
  host: BuiltInHost,
  control: HTMLInputElement,
  clear: () => void,
): Promise<void> {
  const { value } = control
  const { reviewNickname } = host.context.wechat.openType
  const result = reviewNickname ? await reviewNickname(value) : { pass: true, timeout: false }
  if (!result || !control.isConnected) return
  if (!result.pass && !result.timeout && control.value === value) clear()
  host.emit('nicknamereview', { pass: result.pass, timeout: result.timeout })
}
