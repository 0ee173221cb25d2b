import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Bars } from '../../charts/bars.tsx'
import { useFormat } from '../../language/format.ts'
import { useText } from '../../language/texts.ts'
import type { AdminOutput } from '../../service/trpc.ts'
import { outcomeNames } from '../audit/outcome-names.ts'
import { Nothing, Section } from './section.tsx'
import { overviewText } from './text.ts'

/** Each reason leads to its lines of the audit log. */
export function Refusals({
  refusals,
}: {
  refusals: AdminOutput['overview']['refusals']
}): ReactNode {
  const text = useText(overviewText)
  const names = useText(outcomeNames)
  const format = useFormat()
  const bars = refusals
    .toSorted((one, other) => other.count - one.count)
    .map(({ reason, count }) => ({
      key: reason,
      name: (
        <Link to="/audit" search={{ outcome: reason }}>
          {names[reason]}
        </Link>
      ),
      value: count,
      says: format.number(count),
    }))
  return (
    <Section title={text.refusals} width={6}>
      {bars.length === 0 ? <Nothing>{text.noRefusals}</Nothing> : <Bars bars={bars} />}
    </Section>
  )
}
