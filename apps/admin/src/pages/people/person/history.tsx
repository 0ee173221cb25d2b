import { Link } from '@tanstack/react-router'
import { Tag } from 'antd'
import type { ReactNode } from 'react'
import { useFormat } from '../../../language/format.ts'
import { useText } from '../../../language/texts.ts'
import type { AdminOutput } from '../../../service/trpc-client.ts'
import { actionNames, nameOf } from '../../audit/action-names.ts'
import { outcomeNames } from '../../audit/outcome-names.ts'
import { PersonSection } from './person-section.tsx'
import { personText } from './text.ts'

interface HistoryProps {
  readonly userId: string
  readonly lines: AdminOutput['people']['view']['history']
}

/** What happened to the person of late, as the audit log has it. */
export function History({ userId, lines }: HistoryProps): ReactNode {
  const text = useText(personText)
  const actions = useText(actionNames)
  const outcomes = useText(outcomeNames)
  const format = useFormat()
  return (
    <PersonSection
      title={text.history}
      empty={lines.length === 0 ? text.noHistory : null}
      columns={[text.action, text.outcome, text.app, text.address, text.time]}
      actions={
        <Link to="/audit" search={{ userId }}>
          {text.wholeHistory}
        </Link>
      }
    >
      {lines.map((line) => (
        <tr key={line.id}>
          <td>
            {nameOf(actions, line.action)}
            {line.operatorId != null && <Tag className="by">{text.byOperator}</Tag>}
          </td>
          <td data-label={text.outcome}>
            {line.outcome === 'ok' ? (
              outcomes.ok
            ) : (
              <Tag color="warning">{nameOf(outcomes, line.outcome)}</Tag>
            )}
          </td>
          <td className="code app" data-label={text.app}>
            {line.appId ?? '—'}
          </td>
          <td className="code" data-label={text.address} title={line.device ?? undefined}>
            {line.address ?? '—'}
          </td>
          <td data-label={text.time}>
            <time dateTime={line.at}>{format.dateTime(line.at)}</time>
          </td>
        </tr>
      ))}
    </PersonSection>
  )
}
