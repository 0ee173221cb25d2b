import { element } from '../element.ts'

/** A question with buttons. */
export interface SheetQuestion<T> {
  title: string
  text?: string
  /** The first one is highlighted. */
  answers: { text: string; value: T; testid: string }[]
  /** The value of Escape. */
  escapeValue: T
}

/** Shows questions over the phone's screen; a second question replaces the first. */
export function createSheets(phone: HTMLElement) {
  let dismiss = (): void => undefined

  function ask<T>({ title, text, answers, escapeValue }: SheetQuestion<T>): Promise<T> {
    dismiss()
    return new Promise((resolve) => {
      const previousFocus = document.activeElement
      const buttons = answers.map((answer) => {
        const button = element('button', { type: 'button', 'data-testid': answer.testid }, [
          answer.text,
        ])
        button.addEventListener('click', () => finish(answer.value))
        return button
      })
      const box = element('div', { class: 'sheet', role: 'dialog', 'aria-label': title }, [
        element('h3', {}, [title]),
        ...(text ? [element('p', {}, [text])] : []),
        ...buttons,
      ])
      const shade = element('div', { class: 'shade' }, [box])
      const finish = (value: T): void => {
        shade.remove()
        dismiss = () => undefined
        if (previousFocus instanceof HTMLElement) previousFocus.focus()
        resolve(value)
      }
      dismiss = () => finish(escapeValue)
      shade.addEventListener('keydown', ({ key }) => key === 'Escape' && finish(escapeValue))
      phone.append(shade)
      buttons[0]?.focus({ preventScroll: true })
    })
  }

  return { ask, dismiss: (): void => dismiss() }
}

export type Sheets = ReturnType<typeof createSheets>
