import { byId } from '../element.ts'

/** Shows `isOn()` and lets the person turn it. */
export function setUpToggle(id: string, isOn: () => boolean, turn: (on: boolean) => void): void {
  const button = byId(id)
  const show = (): void => button.setAttribute('aria-checked', String(isOn()))
  button.addEventListener('click', () => {
    turn(!isOn())
    show()
  })
  show()
}
