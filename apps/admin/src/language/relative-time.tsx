import type { ReactNode } from 'react'
import { useFormat } from './format.ts'

/** A time relative to now, with the exact time as a tooltip. */
export function RelativeTime({ at }: { at: string | null }): ReactNode {
  const format = useFormat()
  if (at === null) return <span className="secondary-text">—</span>
  return (
    <time dateTime={at} title={format.dateTime(at)}>
      {format.relative(at)}
    </time>
  )
}
