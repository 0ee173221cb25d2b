import type { ReactNode } from 'react'
import './charts.css'

export interface Bar {
  readonly key: string
  readonly name: ReactNode
  readonly value: number
  /** The value as it is read, with whatever explains it. */
  readonly label: ReactNode
}

/** Amounts as bars of the longest one's width; text throughout, so there is nothing to explain to a screen reader. */
export function BarList({ bars, ordered }: { bars: readonly Bar[]; ordered?: boolean }): ReactNode {
  const most = Math.max(1, ...bars.map(({ value }) => value))
  const List = ordered === true ? 'ol' : 'ul'
  return (
    <List className="bars">
      {bars.map(({ key, name, value, label }) => (
        <li key={key}>
          <span className="bar-name">{name}</span>
          <span className="bar-value">{label}</span>
          <span className="bar-track" aria-hidden>
            {value > 0 && <span style={{ width: `${(100 * value) / most}%` }} />}
          </span>
        </li>
      ))}
    </List>
  )
}
