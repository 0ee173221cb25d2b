import type { ReactNode } from 'react'
import './select-filter.css'

interface SelectFilterProps<T extends string> {
  readonly label: string
  /** What is said while nothing is chosen. */
  readonly anyLabel: string
  readonly value: T | undefined
  readonly options: Readonly<Record<T, string>>
  readonly onSelect: (value: T | undefined) => void
  /** Somebody turns to it: time to fetch the choices. */
  readonly onIntent?: () => void
}

/** One of a few, or any. The browser's own: it weighs nothing, and every keyboard and phone knows it. */
export function SelectFilter<T extends string>(props: SelectFilterProps<T>): ReactNode {
  const { label, anyLabel, value, options, onSelect, onIntent } = props
  const keys = Object.keys(options) as T[]
  return (
    <select
      className="choice"
      aria-label={label}
      value={value ?? ''}
      data-chosen={value !== undefined}
      onFocus={onIntent}
      onPointerEnter={onIntent}
      onChange={({ target }) => onSelect(keys.find((key) => key === target.value))}
    >
      <option value="">{anyLabel}</option>
      {keys.map((key) => (
        <option key={key} value={key}>
          {options[key]}
        </option>
      ))}
    </select>
  )
}
