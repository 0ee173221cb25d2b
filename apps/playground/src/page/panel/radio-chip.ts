import { element } from '../element.ts'

export interface RadioChipOptions {
  name: string
  value: string
  label: Node
  testid: string
  isChosen: boolean
  onChoose(): void
}

/** A radio button over a chip: the whole chip is the target, and arrow keys move through the group. */
export function createRadioChip(choice: RadioChipOptions): HTMLLabelElement {
  const { name, value, label, testid, isChosen, onChoose } = choice
  const input = element('input', { type: 'radio', name, value, 'data-testid': testid })
  input.checked = isChosen
  input.addEventListener('change', onChoose)
  return element('label', { class: 'chip' }, [input, label])
}
