import { actAsControl, type BuiltIn, type Host, type Mounted, mountedOn } from './built-in.ts'

interface Choice {
  isChecked(): boolean
  setChecked(checked: boolean): void
}

// Set by the control itself; the groups read it.
const choices = new WeakMap<Element, Choice>()

function mountChoice(host: Host, role: string, toggle: (choice: Choice) => void): Mounted {
  const { element } = host
  let isChecked = false
  let initial: boolean | undefined
  let property: unknown
  const choice: Choice = {
    isChecked: () => isChecked,
    setChecked(checked) {
      isChecked = checked
      property = checked
      element.setAttribute('aria-checked', String(checked))
      if (host.data['checked'] !== checked) host.component.setData({ checked })
    },
  }
  choices.set(element, choice)
  actAsControl(host, role)
  element.addEventListener('click', () => {
    if (!host.data['disabled']) toggle(choice)
  })
  return {
    sync() {
      const { checked, disabled, color } = host.data
      initial ??= Boolean(checked)
      if (checked !== property) choice.setChecked(Boolean(checked))
      element.setAttribute('aria-disabled', String(Boolean(disabled)))
      element.tabIndex = disabled ? -1 : 0
      if (color) element.style.setProperty('--choice-color', String(color))
    },
    field: { value: () => isChecked, reset: () => choice.setChecked(initial ?? false) },
  }
}

/** Source: https://developers.weixin.qq.com/miniprogram/dev/component/switch.html */
export const switchControl: BuiltIn = {
  tag: 'switch',
  properties: { checked: false, disabled: false, type: 'switch', color: '' },
  mount(host) {
    return mountChoice(host, 'switch', (choice) => {
      choice.setChecked(!choice.isChecked())
      host.emit('change', { value: choice.isChecked() })
    })
  },
}

const CHOICE = { value: '', checked: false, disabled: false, color: '' }

export const checkbox: BuiltIn = {
  tag: 'checkbox',
  properties: CHOICE,
  mount(host) {
    const { field, ...mounted } = mountChoice(host, 'checkbox', (choice) => {
      choice.setChecked(!choice.isChecked())
      announce(host, 'wx-checkbox-group')
    })
    return { ...mounted, ...(field && { field: onlyInGroup(host, field) }) }
  },
}

export const radio: BuiltIn = {
  tag: 'radio',
  properties: CHOICE,
  mount(host) {
    const { field, ...mounted } = mountChoice(host, 'radio', (choice) => {
      if (choice.isChecked()) return
      const group = host.element.closest('wx-radio-group')
      for (const other of group?.querySelectorAll('wx-radio') ?? []) {
        choices.get(other)?.setChecked(other === host.element)
      }
      choice.setChecked(true)
      announce(host, 'wx-radio-group')
    })
    return { ...mounted, ...(field && { field: onlyInGroup(host, field) }) }
  },
}

// The group has the name, and so the value; a reset still reaches each control.
const onlyInGroup = (host: Host, field: NonNullable<Mounted['field']>) => ({
  value: () => (field.value() ? host.data['value'] : undefined),
  reset: field.reset,
})

function announce(host: Host, group: string): void {
  const event = host.document.createEvent('Event')
  event.initEvent('sim-choose', false, false)
  host.element.closest(group)?.dispatchEvent(event)
}

const chosenIn = (group: Element, tag: string): unknown[] =>
  [...group.querySelectorAll(tag)]
    .map((element) => mountedOn(element)?.field?.value())
    .filter((value) => value !== undefined)

function createGroup(tag: string, role: string, read: (group: Element) => unknown): BuiltIn {
  return {
    tag,
    mount(host) {
      const { element } = host
      if (!element.hasAttribute('role')) element.setAttribute('role', role)
      element.addEventListener('sim-choose', () => host.emit('change', { value: read(element) }))
      return { field: { value: () => read(element), reset: () => undefined } }
    },
  }
}

export const checkboxGroup: BuiltIn = createGroup('checkbox-group', 'group', (group) =>
  chosenIn(group, 'wx-checkbox'),
)

export const radioGroup: BuiltIn = createGroup(
  'radio-group',
  'radiogroup',
  (group) => chosenIn(group, 'wx-radio')[0] ?? '',
)
