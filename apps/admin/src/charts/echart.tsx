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

/** Follows the size of its place. */
export function EChart({ option, label }: EChartProps): ReactNode {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType>(null)

  useEffect(() => {
    if (place.current === null) return
    const drawn = init(place.current, null, { renderer: 'svg' })
    chart.current = drawn
    const observer = new ResizeObserver(() => drawn.resize())
    observer.observe(place.current)
    return () => {
      observer.disconnect()
      drawn.dispose()
      chart.current = null
    }
  }, [])

  useEffect(() => {
    chart.current?.setOption(option, { notMerge: true })
  }, [option])

  return <div ref={place} className="chart-drawing" role="img" aria-label={label} />
}
