import { theme } from 'antd'
import { type ReactNode, useMemo } from 'react'
import { Chart } from '../../../charts/chart.tsx'
import { useFormat } from '../../../language/format.ts'
import { useText } from '../../../language/texts.ts'
import type { AdminOutput } from '../../../service/trpc-client.ts'
import { EmptyHint, OverviewSection } from '../overview-section.tsx'
import { overviewText } from '../text.ts'
import { createSignInsOption } from './chart-option.ts'

const columns = ['signIns', 'refused', 'newUsers', 'bound', 'unbound'] as const

export function SignInsChart({ days }: { days: AdminOutput['overview']['days'] }): ReactNode {
  const text = useText(overviewText)
  const format = useFormat()
  const { token } = theme.useToken()
  const option = useMemo(
    () => createSignInsOption({ days, names: text, token, format }),
    [days, text, token, format],
  )
  const total = (name: (typeof columns)[number]) => days.reduce((sum, day) => sum + day[name], 0)
  if (total('signIns') + total('refused') === 0)
    return (
      <OverviewSection title={text.perDay} width={8}>
        <EmptyHint>{text.noSignIns}</EmptyHint>
      </OverviewSection>
    )
  return (
    <OverviewSection title={text.perDay} width={8}>
      <Chart
        option={option}
        label={text.chartLabel(
          text.chartPeriod(days.at(0)?.day ?? '', days.at(-1)?.day ?? ''),
          format.number(total('signIns')),
          format.number(total('refused')),
        )}
        tableLabel={text.asTable}
        head={[text.day, ...columns.map((name) => text[name])]}
        rows={days.map((day) => ({
          key: day.day,
          name: day.day,
          values: columns.map((name) => format.number(day[name])),
        }))}
      />
    </OverviewSection>
  )
}
