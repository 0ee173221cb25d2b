import { createIcon, element } from '../element.ts'
import { createPanel, type Dialog, textButton } from './dialog.ts'

/** A request for consent. */
export interface PermissionRequest {
  /** The name of the mini program that asks. */
  appName: string
  /** What is requested. */
  title: string
  /** The reason; empty for none. */
  detail: string
  /** The data that would be shared, such as a phone number, and a note on it. */
  offered?: { text: string; note: string }
  /** The text of the refusing button. */
  denyText: string
  /** The text of the allowing button. */
  allowText: string
  /** Prefix of the buttons' test ids: `TESTID-allow` and `TESTID-deny`. */
  testid: string
}

/** Creates the sheet on which WeChat asks the user for consent. */
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
