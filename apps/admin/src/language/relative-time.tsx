import type { ReactNode } from 'react'
import { useFormat } from './format.ts'

/** How long ago, and when exactly for who points at it. */
export function RelativeTime({ at }: { at: string | null }): ReactNode {
  const format = useFormat()
  if (at === null) return <span className="soft">—</span>
  return (
    <time dateTime={at} title={format.dateTime(at)}>
      {format.relative(at)}
    </time>
  )
}
