import type { ReactNode } from 'react'
import { BarList } from '../../../charts/bar-list.tsx'
import { useFormat } from '../../../language/format.ts'
import { useText } from '../../../language/texts.ts'
import type { AdminOutput } from '../../../service/trpc-client.ts'
import { EmptyHint, OverviewSection } from '../overview-section.tsx'
import { overviewText } from '../text.ts'

export function Funnel({ days }: { days: AdminOutput['overview']['days'] }): ReactNode {
  const text = useText(overviewText)
  const format = useFormat()
  const total = (name: 'unbound' | 'bound' | 'newUsers') =>
    days.reduce((sum, day) => sum + day[name], 0)
  const [unbound, bound, newUsers] = [total('unbound'), total('bound'), total('newUsers')]
  const bar = (key: string, name: string, value: number) => ({
    key,
    name,
    value,
    label: format.number(value),
  })
  return (
    <OverviewSection title={text.funnel} hint={text.funnelHint} width={4}>
      {unbound === 0 && <EmptyHint>{text.noUnbound}</EmptyHint>}
      {unbound > 0 && (
        <>
          <BarList
            ordered
            bars={[
              bar('unbound', text.cameUnbound, unbound),
              bar('bound', text.becameBound, bound),
              bar('new', text.becameNew, newUsers),
            ]}
          />
          {/* Binding may follow on a later day than the unbound sign-in, so the ratio can exceed 1. */}
          <p className="overview-rate">
            <strong>{format.percent(Math.min(1, (bound + newUsers) / unbound))}</strong> {text.rate}
          </p>
        </>
      )}
    </OverviewSection>
  )
}
