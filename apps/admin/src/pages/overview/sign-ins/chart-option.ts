import type { GlobalToken } from 'antd'
import type { EChartsOption } from 'echarts'
import type { Format } from '../../../language/format.ts'
import type { AdminOutput } from '../../../service/trpc-client.ts'

interface SignInsChartInput {
  readonly days: AdminOutput['overview']['days']
  readonly names: { readonly signIns: string; readonly refused: string }
  readonly token: GlobalToken
  readonly format: Format
}

/** Two charts one above the other: rejections are too few to be visible on the axis of the sign-ins. */
export function createSignInsOption({
  days,
  names,
  token,
  format,
}: SignInsChartInput): EChartsOption {
  const labels = days.map(({ day }) => format.day(day))
  const axisText = { color: token.colorTextSecondary, fontFamily: token.fontFamily }
  const grids = [
    { name: names.signIns, values: days.map((day) => day.signIns), color: token.colorPrimary },
    { name: names.refused, values: days.map((day) => day.refused), color: token.colorError },
  ]
  return {
    animation: false,
    textStyle: { fontFamily: token.fontFamily },
    axisPointer: { link: [{ xAxisIndex: 'all' }], lineStyle: { color: token.colorBorder } },
    tooltip: {
      trigger: 'axis',
      backgroundColor: token.colorBgElevated,
      borderColor: token.colorBorderSecondary,
      textStyle: { color: token.colorText, fontFamily: token.fontFamily },
      // The default formatter would name the day once for each of the two axes.
      formatter: (points) => {
        const hovered = [points].flat()
        const { dataIndex = 0 } = hovered[0] ?? {}
        const lines = grids.map(
          ({ name, values, color }) =>
            `<span style="color:${color}">●</span> ${name} <b>${format.number(values[dataIndex] ?? 0)}</b>`,
        )
        return [labels[dataIndex], ...lines].join('<br>')
      },
    },
    grid: [
      { left: 56, right: 24, top: 30, height: 150, outerBoundsMode: 'none' },
      { left: 56, right: 24, top: 224, height: 60, outerBoundsMode: 'none' },
    ],
    xAxis: grids.map((_, gridIndex) => ({
      type: 'category',
      gridIndex,
      data: labels,
      boundaryGap: false,
      axisLabel: { ...axisText, show: gridIndex === 1, hideOverlap: true },
      axisLine: { lineStyle: { color: token.colorBorderSecondary } },
      axisTick: { show: false },
    })),
    yAxis: grids.map(({ name }, gridIndex) => ({
      type: 'value',
      gridIndex,
      name,
      nameTextStyle: { ...axisText, align: 'left', padding: [0, 0, 0, -48] },
      nameGap: 12,
      minInterval: 1,
      splitNumber: gridIndex === 0 ? 4 : 2,
      axisLabel: { ...axisText, formatter: (value: number) => format.number(value) },
      splitLine: { lineStyle: { color: token.colorBorderSecondary } },
    })),
    series: grids.map(({ name, values, color }, index) => ({
      type: 'line',
      name,
      xAxisIndex: index,
      yAxisIndex: index,
      data: values,
      color,
      lineStyle: { width: 2 },
      areaStyle: { opacity: 0.12 },
      symbol: 'circle',
      symbolSize: 6,
      showSymbol: values.length <= 14,
    })),
  }
}
