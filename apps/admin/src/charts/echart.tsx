import type { EChartsOption } from 'echarts'
import { LineChart } from 'echarts/charts'
import { AxisPointerComponent, GridComponent, TooltipComponent } from 'echarts/components'
import { type EChartsType, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { type ReactNode, useEffect, useRef } from 'react'

use([LineChart, AxisPointerComponent, GridComponent, TooltipComponent, SVGRenderer])

interface EChartProps {
  readonly option: EChartsOption
  readonly label: string
}

/** Draws an ECharts option and resizes with its container. */
export function EChart({ option, label }: EChartProps): ReactNode {
  const container = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType>(null)

  useEffect(() => {
    if (container.current === null) return
    const instance = init(container.current, null, { renderer: 'svg' })
    chart.current = instance
    const observer = new ResizeObserver(() => instance.resize())
    observer.observe(container.current)
    return () => {
      observer.disconnect()
      instance.dispose()
      chart.current = null
    }
  }, [])

  useEffect(() => {
    chart.current?.setOption(option, { notMerge: true })
  }, [option])

  return <div ref={container} className="chart-canvas" role="img" aria-label={label} />
}
