import { type ReactNode, useId } from 'react'

interface PersonSectionProps {
  readonly title: string
  readonly actions?: ReactNode
  /** Text in place of an empty table; null when the table has rows. */
  readonly empty: string | null
  readonly columns: readonly string[]
  readonly children: ReactNode
}

/** A titled table of a person's identities, sessions or history. */
export function PersonSection({
  title,
  actions,
  empty,
  columns,
  children,
}: PersonSectionProps): ReactNode {
  const id = useId()
  return (
    <section className="card row-table" aria-labelledby={id}>
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
        <p className="secondary-text">{empty}</p>
      )}
    </section>
  )
}
