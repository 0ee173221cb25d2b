import type { ReactNode } from 'react'
import './choice.css'

interface ChoiceProps<T extends string> {
  readonly label: string
  /** What is said while nothing is chosen. */
  readonly any: string
  readonly value: T | undefined
  readonly choices: Readonly<Record<T, string>>
  readonly onChoose: (value: T | undefined) => void
  /** Somebody turns to it: time to fetch the choices. */
  readonly onTurnTo?: () => void
}

/** One of a few, or any. The browser's own: it weighs nothing, and every keyboard and phone knows it. */
export function Choice<T extends string>(props: ChoiceProps<T>): ReactNode {
  const { label, any, value, choices, onChoose, onTurnTo } = props
  const keys = Object.keys(choices) as T[]
  return (
    <select
      className="choice"
      aria-label={label}
      value={value ?? ''}
      data-chosen={value !== undefined}
      onFocus={onTurnTo}
      onPointerEnter={onTurnTo}
      onChange={({ target }) => onChoose(keys.find((key) => key === target.value))}
    >
      <option value="">{any}</option>
      {keys.map((key) => (
        <option key={key} value={key}>
          {choices[key]}
        </option>
      ))}
    </select>
  )
}
