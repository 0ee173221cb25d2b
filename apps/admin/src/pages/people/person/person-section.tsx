import { type ReactNode, useId } from 'react'

interface PersonSectionProps {
  readonly title: string
  readonly actions?: ReactNode
  /** What is said where there is nothing; null where there is something. */
  readonly empty: string | null
  readonly columns: readonly string[]
  readonly children: ReactNode
}

/** A table of what belongs to a person. */
export function PersonSection({
  title,
  actions,
  empty,
  columns,
  children,
}: PersonSectionProps): ReactNode {
  const id = useId()
  return (
    <section className="card rows" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {actions}
      </header>
      {empty === null ? (
        <table aria-labelledby={id}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th scope="col" key={column}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      ) : (
        <p className="soft">{empty}</p>
      )}
    </section>
  )
}
