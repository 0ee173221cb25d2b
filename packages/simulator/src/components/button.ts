import { actAsControl, type BuiltIn, type Host, mountedOn } from './built-in.ts'

/**
 * `button`. Of the open types those work that a sign-in needs; `share` and `contact` do nothing.
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

function press(host: Host): void {
  if (host.data['disabled']) return
  const { formType, openType } = host.data
  const form = host.element.closest('wx-form')
  if (form && formType === 'submit') announce(host, form, 'sim-submit')
  if (form && formType === 'reset') {
    for (const field of form.querySelectorAll('*')) mountedOn(field)?.field?.reset()
    announce(host, form, 'sim-reset')
  }
  if (openType) open(host, String(openType)).catch(host.context.report)
}

async function open(host: Host, type: string): Promise<void> {
  const { getPhoneNumber, chooseAvatar } = host.context.openType
  if (type === 'getPhoneNumber') {
    const reply = getPhoneNumber
      ? await getPhoneNumber()
      : { errMsg: 'getPhoneNumber:fail no permission' }
    host.emit('getphonenumber', { errMsg: 'getPhoneNumber:ok', ...reply })
  } else if (type === 'chooseAvatar' && chooseAvatar) {
    host.emit('chooseavatar', await chooseAvatar())
  } else if (type === 'agreePrivacyAuthorization') {
    host.emit('agreeprivacyauthorization', {})
  }
}

// The event must come from the realm of the document, which may be a frame's.
function announce(host: Host, form: Element, type: string): void {
  const event = host.document.createEvent('Event')
  event.initEvent(type, false, false)
  form.dispatchEvent(event)
}
