import { type ReactNode, useId } from 'react'

interface OverviewSectionProps {
  readonly title: string
  readonly hint?: string
  /** Columns of twelve on a wide screen. */
  readonly width: 4 | 6 | 8 | 12
  readonly children: ReactNode
}

export function OverviewSection({ title, hint, width, children }: OverviewSectionProps): ReactNode {
  const id = useId()
  return (
    <section className={`card overview-${width}`} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {hint !== undefined && <p className="secondary-text overview-hint">{hint}</p>}
      {children}
    </section>
  )
}

/** Explains why a section has no data. */
export function EmptyHint({ children }: { children: ReactNode }): ReactNode {
  return <p className="secondary-text overview-empty">{children}</p>
}
