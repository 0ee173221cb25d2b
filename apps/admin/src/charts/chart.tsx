import { Skeleton } from 'antd'
import type { EChartsOption } from 'echarts'
import { type ComponentProps, lazy, type ReactNode, Suspense } from 'react'
import { DataTable } from './data-table.tsx'
import './charts.css'

const EChart = lazy(async () => ({ default: (await import('./echart.tsx')).EChart }))

interface ChartProps {
  readonly option: EChartsOption
  /** What the picture shows, in a sentence. */
  readonly label: string
  /** Names the table that says the same. */
  readonly tableLabel: string
  readonly head: ComponentProps<typeof DataTable>['head']
  readonly rows: ComponentProps<typeof DataTable>['rows']
}

/** A drawing, fetched when it is wanted, and the same as a table for whoever cannot see it. */
export function Chart({ option, label, tableLabel, head, rows }: ChartProps): ReactNode {
  return (
    <figure className="chart">
      <Suspense fallback={<Skeleton.Node active className="chart-drawing" />}>
        <EChart option={option} label={label} />
      </Suspense>
      <details>
        <summary>{tableLabel}</summary>
        <DataTable label={tableLabel} head={head} rows={rows} />
      </details>
    </figure>
  )
}
