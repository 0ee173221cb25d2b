import type { ReactNode } from 'react'
import './charts.css'

export interface Bar {
  readonly key: string
  readonly name: ReactNode
  /** The amount, which sets the length of the bar. */
  readonly value: number
  /** The formatted value. */
  readonly label: ReactNode
}

/**
 * A list of amounts with bars relative to the largest one. Name and value are text, so it needs no extra label for
 * screen readers.
 */
export function BarList({ bars, ordered }: { bars: readonly Bar[]; ordered?: boolean }): ReactNode {
  const largest = Math.max(1, ...bars.map(({ value }) => value))
  const List = ordered === true ? 'ol' : 'ul'
  return (
    <List className="bars">
      {bars.map(({ key, name, value, label }) => (
        <li key={key}>
          <span className="bar-name">{name}</span>
          <span className="bar-value">{label}</span>
          <span className="bar-track" aria-hidden>
            {value > 0 && <span style={{ width: `${(100 * value) / largest}%` }} />}
          </span>
        </li>
      ))}
    </List>
  )
}
