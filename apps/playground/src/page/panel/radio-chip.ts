import { element } from '../element.ts'

/** Options of {@link createRadioChip}. */
export interface RadioChipOptions {
  name: string
  value: string
  label: Node
  testid: string
  isChosen: boolean
  onChoose(): void
}

/** A chip that is a radio button: the whole chip is clickable, and arrow keys move in the group. */
export function createRadioChip(choice: RadioChipOptions): HTMLLabelElement {
  const { name, value, label, testid, isChosen, onChoose } = choice
  const input = element('input', { type: 'radio', name, value, 'data-testid': testid })
  input.checked = isChosen
  input.addEventListener('change', onChoose)
  return element('label', { class: 'chip' }, [input, label])
}
