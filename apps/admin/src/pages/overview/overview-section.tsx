import { type ReactNode, useId } from 'react'

interface OverviewSectionProps {
  readonly title: string
  readonly hint?: string
  /** The columns it takes of twelve, where there is room. */
  readonly width: 4 | 6 | 8 | 12
  readonly children: ReactNode
}

export function OverviewSection({ title, hint, width, children }: OverviewSectionProps): ReactNode {
  const id = useId()
  return (
    <section className={`card overview-${width}`} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {hint !== undefined && <p className="soft overview-hint">{hint}</p>}
      {children}
    </section>
  )
}

/** Stands where there is nothing to show, and says why. */
export function EmptyHint({ children }: { children: ReactNode }): ReactNode {
  return <p className="soft overview-nothing">{children}</p>
}
