import { element } from '../element.ts'

/** A modal dialog that resolves with a value. */
export interface Dialog<T> {
  /** The element with `role="dialog"`. */
  panel: HTMLElement
  /** The buttons that close the dialog, with their values. */
  buttons: { button: HTMLButtonElement; answer: T }[]
  /** The value of Enter while no button has the focus; absent where consent must be explicit. */
  enterAnswer?: T
  /** The value of Escape, and of a click outside the panel where `closesOutside` is set. */
  escapeAnswer: T
  /** Where the panel is on the screen. */
  place: 'centre' | 'bottom' | 'full'
  /** Whether a click outside the panel closes the dialog. */
  closesOutside?: boolean
}

/** Shows a dialog over `parent`, traps the focus in it and restores it afterwards; returns a function that closes it. */
export function openDialog<T>(
  parent: HTMLElement,
  dialog: Dialog<T>,
  resolve: (answer: T) => void,
): () => void {
  const { panel, buttons, enterAnswer, escapeAnswer } = dialog
  const document = parent.ownerDocument
  const previousFocus = document.activeElement as HTMLElement | null
  const mask = element(document, 'div', {
    attributes: { class: 'sim-mask', 'data-place': dialog.place },
    children: [panel],
  })

  const close = (): void => {
    mask.remove()
    previousFocus?.focus?.()
  }
  const answer = (value: T): void => {
    close()
    resolve(value)
  }
  for (const { button, answer: value } of buttons) {
    button.addEventListener('click', () => answer(value))
  }
  mask.addEventListener('click', (event) => {
    if (event.target === mask && dialog.closesOutside) answer(escapeAnswer)
  })
  mask.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') answer(escapeAnswer)
    if (event.key === 'Enter' && event.target === panel && enterAnswer !== undefined) {
      answer(enterAnswer)
    }
    if (event.key === 'Tab') {
      event.preventDefault()
      moveFocus([...panel.querySelectorAll('button')], event.shiftKey ? -1 : 1)
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

/** Creates the panel of a dialog; screen readers announce `label`. */
export function createPanel(
  document: Document,
  options: { name: string; label: string; children: (Node | string)[] },
): HTMLElement {
  const { name, label, children } = options
  return element(document, 'section', {
    attributes: { class: name, role: 'dialog', 'aria-modal': 'true', 'aria-label': label },
    children,
  })
}

export const textButton = (document: Document, text: string, testid?: string): HTMLButtonElement =>
  element(document, 'button', {
    attributes: { type: 'button', ...(testid && { 'data-testid': testid }) },
    children: [text],
  })
