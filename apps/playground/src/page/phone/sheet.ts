import { element } from '../element.ts'

export interface SheetQuestion<T> {
  title: string
  text?: string
  /** The first is the suggested one. */
  answers: { text: string; value: T; testid: string }[]
  /** What Escape means. */
  otherwise: T
}

/** Asks over the phone's screen, as WeChat itself would; a second question replaces the first. */
export function createSheets(phone: HTMLElement) {
  let dismiss = (): void => undefined

  function ask<T>({ title, text, answers, otherwise }: SheetQuestion<T>): Promise<T> {
    dismiss()
    return new Promise((resolve) => {
      const before = document.activeElement
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
        if (before instanceof HTMLElement) before.focus()
        resolve(value)
      }
      dismiss = () => finish(otherwise)
      shade.addEventListener('keydown', ({ key }) => key === 'Escape' && finish(otherwise))
      phone.append(shade)
      buttons[0]?.focus({ preventScroll: true })
    })
  }

  return { ask, dismiss: (): void => dismiss() }
}

export type Sheets = ReturnType<typeof createSheets>
