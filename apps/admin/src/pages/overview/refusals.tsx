import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { BarList } from '../../charts/bar-list.tsx'
import { useFormat } from '../../language/format.ts'
import { useText } from '../../language/texts.ts'
import type { AdminOutput } from '../../service/trpc-client.ts'
import { outcomeNames } from '../audit/outcome-names.ts'
import { type DayRange, momentsOf } from './day-range.ts'
import { EmptyHint, OverviewSection } from './overview-section.tsx'
import { overviewText } from './text.ts'

interface RefusalsProps {
  readonly refusals: AdminOutput['overview']['refusals']
  /** The days that were chosen instead of the last ones. */
  readonly range: DayRange | undefined
}

/** The rejection reasons by frequency. Each links to its entries of the audit log. */
export function Refusals({ refusals, range }: RefusalsProps): ReactNode {
  const text = useText(overviewText)
  const names = useText(outcomeNames)
  const format = useFormat()
  const bars = refusals
    .toSorted((one, other) => other.count - one.count)
    .map(({ reason, count }) => ({
      key: reason,
      name: (
        <Link to="/audit" search={{ ...(range && momentsOf(range)), outcome: reason }}>
          {names[reason]}
        </Link>
      ),
      value: count,
      label: format.number(count),
    }))
  return (
    <OverviewSection title={text.refusals} width={6}>
      {bars.length === 0 ? <EmptyHint>{text.noRefusals}</EmptyHint> : <BarList bars={bars} />}
    </OverviewSection>
  )
}
