import {
  actAsControl,
  type BuiltIn,
  type BuiltInHost,
  type MountedBuiltIn,
  mountedBuiltInOf,
} from './built-in.ts'

interface CheckableControl {
  isChecked(): boolean
  setChecked(checked: boolean): void
}

// Written by each control, read by the groups.
const checkableControls = new WeakMap<Element, CheckableControl>()

function mountCheckable(
  host: BuiltInHost,
  role: string,
  toggle: (control: CheckableControl) => void,
): MountedBuiltIn {
  const { element } = host
  let isChecked = false
  let initial: boolean | undefined
  let property: unknown
  const control: CheckableControl = {
    isChecked: () => isChecked,
    setChecked(checked) {
      isChecked = checked
      property = checked
      element.setAttribute('aria-checked', String(checked))
      if (host.data['checked'] !== checked) host.component.setData({ checked })
    },
  }
  checkableControls.set(element, control)
  actAsControl(host, role)
  element.addEventListener('click', () => {
    if (!host.data['disabled']) toggle(control)
  })
  return {
    sync() {
      const { checked, disabled, color } = host.data
      initial ??= Boolean(checked)
      if (checked !== property) control.setChecked(Boolean(checked))
      element.setAttribute('aria-disabled', String(Boolean(disabled)))
      element.tabIndex = disabled ? -1 : 0
      if (color) element.style.setProperty('--control-color', String(color))
    },
    field: { value: () => isChecked, reset: () => control.setChecked(initial ?? false) },
  }
}

/** Source: https://developers.weixin.qq.com/miniprogram/dev/component/switch.html */
export const switchControl: BuiltIn = {
  tag: 'switch',
  properties: { checked: false, disabled: false, type: 'switch', color: '' },
  mount(host) {
    return mountCheckable(host, 'switch', (control) => {
      control.setChecked(!control.isChecked())
      host.emit('change', { value: control.isChecked() })
    })
  },
}

const CHOICE = { value: '', checked: false, disabled: false, color: '' }

/** Source: https://developers.weixin.qq.com/miniprogram/dev/component/checkbox.html */
export const checkbox: BuiltIn = {
  tag: 'checkbox',
  properties: CHOICE,
  mount(host) {
    const { field, ...mounted } = mountCheckable(host, 'checkbox', (control) => {
      control.setChecked(!control.isChecked())
      announce(host, 'wx-checkbox-group')
    })
    return { ...mounted, ...(field && { field: onlyInGroup(host, field) }) }
  },
}

/** Source: https://developers.weixin.qq.com/miniprogram/dev/component/radio.html */
export const radio: BuiltIn = {
  tag: 'radio',
  properties: CHOICE,
  mount(host) {
    const { field, ...mounted } = mountCheckable(host, 'radio', (control) => {
      if (control.isChecked()) return
      const group = host.element.closest('wx-radio-group')
      for (const other of group?.querySelectorAll('wx-radio') ?? []) {
        checkableControls.get(other)?.setChecked(other === host.element)
      }
      control.setChecked(true)
      announce(host, 'wx-radio-group')
    })
    return { ...mounted, ...(field && { field: onlyInGroup(host, field) }) }
  },
}

// A form reads the value from the group, which has the name; a reset still reaches each control.
const onlyInGroup = (host: BuiltInHost, field: NonNullable<MountedBuiltIn['field']>) => ({
  value: () => (field.value() ? host.data['value'] : undefined),
  reset: field.reset,
})

function announce(host: BuiltInHost, group: string): void {
  const event = host.document.createEvent('Event')
  event.initEvent('sim-choose', false, false)
  host.element.closest(group)?.dispatchEvent(event)
}

const selectedValues = (group: Element, tag: string): unknown[] =>
  [...group.querySelectorAll(tag)]
    .map((element) => mountedBuiltInOf(element)?.field?.value())
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

/** Source: https://developers.weixin.qq.com/miniprogram/dev/component/checkbox-group.html */
export const checkboxGroup: BuiltIn = createGroup('checkbox-group', 'group', (group) =>
  selectedValues(group, 'wx-checkbox'),
)

/** Source: https://developers.weixin.qq.com/miniprogram/dev/component/radio-group.html */
export const radioGroup: BuiltIn = createGroup(
  'radio-group',
  'radiogroup',
  (group) => selectedValues(group, 'wx-radio')[0] ?? '',
)
