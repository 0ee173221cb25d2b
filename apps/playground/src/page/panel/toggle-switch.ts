import { byId } from '../element.ts'

/** Connects the switch button with this id to a value. */
export function setUpToggle(id: string, isOn: () => boolean, turn: (on: boolean) => void): void {
  const button = byId(id)
  const show = (): void => button.setAttribute('aria-checked', String(isOn()))
  button.addEventListener('click', () => {
    turn(!isOn())
    show()
  })
  show()
}
