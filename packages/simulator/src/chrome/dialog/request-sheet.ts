import { drawing, element } from '../element.ts'
import { createPanel, type Dialog, textButton } from './dialog.ts'

export interface PermissionRequest {
  /** The mini program that asks. */
  asker: string
  title: string
  detail: string
  /** What would be handed over, such as a phone number, and what it is. */
  given?: { text: string; note: string }
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
  const { asker, title, detail, given, testid } = request
  const deny = textButton(document, request.denyText, `${testid}-deny`)
  const allow = textButton(document, request.allowText, `${testid}-allow`)
  allow.toggleAttribute('data-confirm', true)
  const mark = element(document, 'i', {
    attributes: { 'aria-hidden': 'true' },
    children: [[...asker][0] ?? ''],
  })
  const panel = createPanel(document, {
    name: 'sim-request',
    label: `${asker} 申请${title}`,
    children: [
      element(document, 'header', { children: [mark, asker, ' 申请'] }),
      element(document, 'h2', { children: [title] }),
      ...(detail ? [element(document, 'p', { children: [detail] })] : []),
      ...(given ? [createGiven(document, given)] : []),
      element(document, 'div', { children: [deny, allow] }),
    ],
  })
  const buttons = [
    { button: deny, answer: false },
    { button: allow, answer: true },
  ]
  return { panel, buttons, cancelled: false, place: 'bottom' }
}

function createGiven(document: Document, given: { text: string; note: string }): HTMLElement {
  return element(document, 'div', {
    attributes: { class: 'sim-given' },
    children: [
      element(document, 'span', { children: [given.text] }),
      element(document, 'small', { children: [given.note] }),
      drawing(document, 22, '<path d="M4.5 12.5l5 5 10-11"/>'),
    ],
  })
}
