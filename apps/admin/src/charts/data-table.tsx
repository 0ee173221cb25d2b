import type { ReactNode } from 'react'
import './charts.css'

interface DataTableProps {
  readonly label: string
  readonly head: readonly string[]
  readonly rows: readonly {
    readonly key: string
    readonly name: ReactNode
    readonly values: readonly string[]
  }[]
}

/** A table of numbers in a scrollable area. */
export function DataTable({ label, head, rows }: DataTableProps): ReactNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable area must be reachable by keyboard
    <section className="chart-table" tabIndex={0} aria-label={label}>
      <table>
        <thead>
          <tr>
            {head.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, name, values }) => (
            <tr key={key}>
              <th scope="row">{name}</th>
              {values.map((value, column) => (
                <td key={head[column + 1]}>{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
