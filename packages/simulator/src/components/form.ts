import { Component, type GeneralComponent } from 'glass-easel'
import { type BuiltIn, mountedBuiltInOf } from './built-in.ts'

type WithComponent = Element & { __wxElement?: unknown }

/** Values by name of all named controls, and of components with the behavior wx://form-field. */
function collectValues(form: Element): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const element of form.querySelectorAll<WithComponent>('*')) {
    const component = element.__wxElement
    if (!Component.isComponent(component as GeneralComponent)) continue
    const { name, value } = (component as GeneralComponent).data as Record<string, unknown>
    if (typeof name !== 'string' || name === '') continue
    const field = mountedBuiltInOf(element)?.field
    if (field) values[name] = field.value()
    else if (!mountedBuiltInOf(element) && value !== undefined) values[name] = value
  }
  return values
}

/** Source: https://developers.weixin.qq.com/miniprogram/dev/component/form.html */
export const form: BuiltIn = {
  tag: 'form',
  mount(host) {
    const { element } = host
    element.addEventListener('sim-submit', () =>
      host.emit('submit', { value: collectValues(element) }),
    )
    element.addEventListener('sim-reset', () => host.emit('reset', {}))
    return {}
  },
}

const LABELLED = 'wx-button, wx-checkbox, wx-radio, wx-switch, wx-input, wx-textarea'

/** A tap on a label taps its control: the one that `for` names, or the first one inside. */
export const label: BuiltIn = {
  tag: 'label',
  properties: { for: '' },
  mount(host) {
    const { element } = host
    element.addEventListener('click', (event) => {
      const id = String(host.data['for'] ?? '')
      const page = element.closest('wx-page')
      const control = id
        ? [...(page?.querySelectorAll('[id]') ?? [])].find((found) => found.id === id)
        : element.querySelector(LABELLED)
      if (!control || control.contains(event.target as Node)) return
      const target = control.querySelector<HTMLElement>('input, textarea')
      if (target) target.focus()
      else (control as HTMLElement).click()
    })
    return {}
  },
}
