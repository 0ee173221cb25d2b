import { createIcon, element } from '../element.ts'
import { createPanel, type Dialog, textButton } from './dialog.ts'

export interface PermissionRequest {
  /** The mini program that asks. */
  appName: string
  title: string
  detail: string
  /** What would be handed over, such as a phone number, and what it is. */
  offered?: { text: string; note: string }
  denyText: string
  allowText: string
  /** The buttons get `TESTID-allow` and `TESTID-deny`. */
  testid: string
}

/** The half screen in which WeChat asks for something of the person's own. */
export function createRequestSheet(
  document: Document,
  request: PermissionRequest,
): Dialog<boolean> {
  const { appName, title, detail, offered, testid } = request
  const deny = textButton(document, request.denyText, `${testid}-deny`)
  const allow = textButton(document, request.allowText, `${testid}-allow`)
  allow.toggleAttribute('data-confirm', true)
  const logo = element(document, 'i', {
    attributes: { 'aria-hidden': 'true' },
    children: [[...appName][0] ?? ''],
  })
  const panel = createPanel(document, {
    name: 'sim-request',
    label: `${appName} 申请${title}`,
    children: [
      element(document, 'header', { children: [logo, appName, ' 申请'] }),
      element(document, 'h2', { children: [title] }),
      ...(detail ? [element(document, 'p', { children: [detail] })] : []),
      ...(offered ? [createOfferedData(document, offered)] : []),
      element(document, 'div', { children: [deny, allow] }),
    ],
  })
  const buttons = [
    { button: deny, answer: false },
    { button: allow, answer: true },
  ]
  return { panel, buttons, escapeAnswer: false, place: 'bottom' }
}

function createOfferedData(
  document: Document,
  offered: { text: string; note: string },
): HTMLElement {
  return element(document, 'div', {
    attributes: { class: 'sim-offered' },
    children: [
      element(document, 'span', { children: [offered.text] }),
      element(document, 'small', { children: [offered.note] }),
      createIcon(document, 22, '<path d="M4.5 12.5l5 5 10-11"/>'),
    ],
  })
}
