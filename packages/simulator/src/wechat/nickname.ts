import type { BuiltInHost } from '../components/built-in.ts'

/**
 * Adds the suggestion of the user's WeChat nickname above the keyboard to `input type="nickname"`.
 *
 * @param fill writes the name into the field as typing does
 */
export function suggestNickname(
  host: BuiltInHost,
  control: HTMLInputElement,
  fill: (name: string) => void,
): void {
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
    if (host.data['type'] === 'nickname') {
      host.emit('nicknamereview', { pass: true, timeout: false })
    }
    hide()
  })
}
