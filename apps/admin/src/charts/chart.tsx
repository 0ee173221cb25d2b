import { Skeleton } from 'antd'
import type { EChartsOption } from 'echarts'
import { type ComponentProps, lazy, type ReactNode, Suspense } from 'react'
import { DataTable } from './data-table.tsx'
import './charts.css'

const EChart = lazy(async () => ({ default: (await import('./echart.tsx')).EChart }))

interface ChartProps {
  readonly option: EChartsOption
  /** What the chart shows, in one sentence: its accessible name. */
  readonly label: string
  /** Title of the table with the same data. */
  readonly tableLabel: string
  readonly head: ComponentProps<typeof DataTable>['head']
  readonly rows: ComponentProps<typeof DataTable>['rows']
}

/** A chart, and the same data as a table for users who cannot see the chart. ECharts is loaded on first use. */
export function Chart({ option, label, tableLabel, head, rows }: ChartProps): ReactNode {
  return (
    <figure className="chart">
      <Suspense fallback={<Skeleton.Node active className="chart-canvas" />}>
        <EChart option={option} label={label} />
      </Suspense>
      <details>
        <summary>{tableLabel}</summary>
        <DataTable label={tableLabel} head={head} rows={rows} />
      </details>
    </figure>
  )
}
