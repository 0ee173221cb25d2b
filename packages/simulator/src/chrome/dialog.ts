import type { Modal } from '../stage.ts'
import { element } from './element.ts'

export interface Dialogs {
  showModal(modal: Modal): Promise<boolean>
  showActionSheet(items: string[]): Promise<number>
  /** Closes whatever is open, unanswered. */
  close(): void
}

interface Dialog<T> {
  panel: HTMLElement
  buttons: { button: HTMLButtonElement; answer: T }[]
  /** The answer of Enter while no button has the focus. */
  confirmed: T
  /** The answer of Escape, and of a press beside the panel where that is allowed. */
  cancelled: T
  closesOutside: boolean
}

/** Modals and action sheets over `parent`. One at a time: a new one waits for the last. */
export function createDialogs(parent: HTMLElement): Dialogs {
  const document = parent.ownerDocument
  let last: Promise<unknown> = Promise.resolve()
  let closeOpen = (): void => undefined

  const ask = <T>(dialog: Dialog<T>): Promise<T> => {
    const answer = last.then(
      () =>
        new Promise<T>((resolve) => {
          closeOpen = open(parent, dialog, resolve)
        }),
    )
    last = answer
    return answer
  }

  return {
    showModal: (modal) => ask(createModal(document, modal)),
    showActionSheet: (items) => ask(createSheet(document, items)),
    close() {
      closeOpen()
      last = Promise.resolve()
    },
  }
}

function open<T>(parent: HTMLElement, dialog: Dialog<T>, resolve: (answer: T) => void): () => void {
  const { panel, buttons, confirmed, cancelled } = dialog
  const document = parent.ownerDocument
  const before = document.activeElement as HTMLElement | null
  const mask = element(document, 'div', { attributes: { class: 'sim-mask' }, children: [panel] })
  mask.toggleAttribute('data-sheet', dialog.closesOutside)

  const close = (): void => {
    mask.remove()
    before?.focus?.()
  }
  const answer = (value: T): void => {
    close()
    resolve(value)
  }
  for (const { button, answer: value } of buttons) {
    button.addEventListener('click', () => answer(value))
  }
  mask.addEventListener('click', (event) => {
    if (event.target === mask && dialog.closesOutside) answer(cancelled)
  })
  mask.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') answer(cancelled)
    if (event.key === 'Enter' && event.target === panel) answer(confirmed)
    if (event.key === 'Tab') {
      event.preventDefault()
      moveFocus(
        buttons.map(({ button }) => button),
        event.shiftKey ? -1 : 1,
      )
    }
  })
  parent.append(mask)
  panel.tabIndex = -1
  panel.focus()
  return close
}

function moveFocus(buttons: HTMLButtonElement[], step: number): void {
  const active = buttons[0]?.ownerDocument.activeElement as HTMLButtonElement
  const index = buttons.indexOf(active)
  const next = index < 0 && step < 0 ? -1 : (index + step) % buttons.length
  buttons.at(next)?.focus()
}

function createModal(document: Document, modal: Modal): Dialog<boolean> {
  const { title, content, showCancel, cancelText, confirmText } = modal
  const cancel = textButton(document, cancelText)
  const confirm = textButton(document, confirmText)
  confirm.toggleAttribute('data-confirm', true)
  const buttons = [
    ...(showCancel ? [{ button: cancel, answer: false }] : []),
    { button: confirm, answer: true },
  ]
  const panel = element(document, 'section', {
    attributes: {
      class: 'sim-modal',
      role: 'dialog',
      'aria-modal': 'true',
      'aria-label': title || content,
    },
    children: [
      ...(title ? [element(document, 'h2', { children: [title] })] : []),
      ...(content ? [element(document, 'p', { children: [content] })] : []),
      element(document, 'div', { children: buttons.map(({ button }) => button) }),
    ],
  })
  return { panel, buttons, confirmed: true, cancelled: false, closesOutside: false }
}

function createSheet(document: Document, items: string[]): Dialog<number> {
  const buttons = [...items, '取消'].map((text, index) => ({
    button: textButton(document, text),
    answer: index < items.length ? index : -1,
  }))
  const panel = element(document, 'section', {
    attributes: {
      class: 'sim-sheet',
      role: 'dialog',
      'aria-modal': 'true',
      'aria-label': '操作菜单',
    },
    children: buttons.map(({ button }) => button),
  })
  return { panel, buttons, confirmed: -1, cancelled: -1, closesOutside: true }
}

const textButton = (document: Document, text: string): HTMLButtonElement =>
  element(document, 'button', { attributes: { type: 'button' }, children: [text] })
