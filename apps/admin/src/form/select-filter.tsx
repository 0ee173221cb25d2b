import type { ReactNode } from 'react'
import './select-filter.css'

interface SelectFilterProps<T extends string> {
  /** The accessible name. */
  readonly label: string
  /** Text of the entry for no filter. */
  readonly anyLabel: string
  /** The selected key; undefined for no filter. */
  readonly value: T | undefined
  /** Text for each key. */
  readonly options: Readonly<Record<T, string>>
  readonly onSelect: (value: T | undefined) => void
}

/**
 * A filter with one of a few values, or none. A native `<select>`: it adds no code and works with every keyboard
 * and phone.
 */
export function SelectFilter<T extends string>(props: SelectFilterProps<T>): ReactNode {
  const { label, anyLabel, value, options, onSelect } = props
  const keys = Object.keys(options) as T[]
  return (
    <select
      className="select-filter"
      aria-label={label}
      value={value ?? ''}
      data-selected={value !== undefined}
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
