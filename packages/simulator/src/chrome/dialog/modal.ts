import type { Modal } from '../../screen-host.ts'
import { element } from '../element.ts'
import { createPanel, type Dialog, textButton } from './dialog.ts'

export function createModal(document: Document, modal: Modal): Dialog<boolean> {
  const { title, content, showCancel, cancelText, confirmText } = modal
  const cancel = textButton(document, cancelText)
  const confirm = textButton(document, confirmText)
  confirm.toggleAttribute('data-confirm', true)
  const buttons = [
    ...(showCancel ? [{ button: cancel, answer: false }] : []),
    { button: confirm, answer: true },
  ]
  const panel = createPanel(document, {
    name: 'sim-modal',
    label: title || content,
    children: [
      ...(title ? [element(document, 'h2', { children: [title] })] : []),
      ...(content ? [element(document, 'p', { children: [content] })] : []),
      element(document, 'div', { children: buttons.map(({ button }) => button) }),
    ],
  })
  return { panel, buttons, enterAnswer: true, escapeAnswer: false, place: 'centre' }
}
