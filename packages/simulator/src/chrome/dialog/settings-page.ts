import type { SettingItem } from '../../screen-host.ts'
import { createIcon, element } from '../element.ts'
import { createPanel, type Dialog } from './dialog.ts'

/** Creates WeChat's settings page of a mini program, with a switch for each requested scope. */
export function createSettingsPage(
  document: Document,
  appName: string,
  items: SettingItem[],
): Dialog<Record<string, boolean>> {
  const chosen: Record<string, boolean> = {}
  for (const { scope, granted } of items) chosen[scope] = granted
  const back = element(document, 'button', {
    attributes: { type: 'button', 'aria-label': '返回', 'data-testid': 'settings-back' },
    children: [createIcon(document, 24, '<path d="M15 4.5L7.5 12l7.5 7.5"/>')],
  })
  const text = items.length > 0 ? `允许“${appName}”使用` : `“${appName}”还没有申请过任何权限`
  const panel = createPanel(document, {
    name: 'sim-settings',
    label: '设置',
    children: [
      element(document, 'div', {
        attributes: { class: 'sim-settings-bar' },
        children: [back, element(document, 'h1', { children: ['设置'] })],
      }),
      element(document, 'p', { children: [text] }),
      ...items.map((item) => createSwitch(document, item, chosen)),
    ],
  })
  return { panel, buttons: [{ button: back, answer: chosen }], escapeAnswer: chosen, place: 'full' }
}

function createSwitch(
  document: Document,
  { scope, label }: SettingItem,
  chosen: Record<string, boolean>,
): HTMLElement {
  const button = element(document, 'button', {
    attributes: { type: 'button', role: 'switch', 'data-testid': `setting-${scope}` },
    children: [label, element(document, 'i', { attributes: { 'aria-hidden': 'true' } })],
  })
  const show = (): void => button.setAttribute('aria-checked', String(chosen[scope]))
  button.addEventListener('click', () => {
    chosen[scope] = !chosen[scope]
    show()
  })
  show()
  return button
}
