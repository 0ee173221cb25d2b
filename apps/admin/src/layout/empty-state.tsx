import type { ReactNode } from 'react'

interface EmptyStateProps {
  readonly title: string
  /** Why the list is empty, or what to do about it. */
  readonly hint: string
  /** A link or button below the hint. */
  readonly children?: ReactNode
}

/** Shown in place of a list without entries. */
export function EmptyState({ title, hint, children }: EmptyStateProps): ReactNode {
  return (
    <div className="card empty-state">
      <h2>{title}</h2>
      <p className="secondary-text">{hint}</p>
      {children}
    </div>
  )
}
