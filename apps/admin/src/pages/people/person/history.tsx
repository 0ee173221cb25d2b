import { Link } from '@tanstack/react-router'
import { Tag } from 'antd'
import type { ReactNode } from 'react'
import { AppName } from '../../../app-name/app-name.tsx'
import { useFormat } from '../../../language/format.ts'
import { useText } from '../../../language/texts.ts'
import type { AdminOutput } from '../../../service/trpc-client.ts'
import { actionNames, nameOf } from '../../audit/action-names.ts'
import { outcomeNames } from '../../audit/outcome-names.ts'
import { PersonSection } from './person-section.tsx'
import { personText } from './text.ts'

interface HistoryProps {
  readonly userId: string
  readonly entries: AdminOutput['people']['view']['history']
}

/** The latest audit entries of the person. */
export function History({ userId, entries }: HistoryProps): ReactNode {
  const text = useText(personText)
  const actions = useText(actionNames)
  const outcomes = useText(outcomeNames)
  const format = useFormat()
  const byWhom = (id: string, name: string | null) => {
    const kind = id.startsWith('key-') ? text.byService : text.byAdministrator
    return name === null ? kind : text.byName(kind, name)
  }
  return (
    <PersonSection
      title={text.history}
      empty={entries.length === 0 ? text.noHistory : null}
      columns={[text.action, text.outcome, text.app, text.address, text.time]}
      actions={
        <Link to="/audit" search={{ userId }}>
          {text.wholeHistory}
        </Link>
      }
    >
      {entries.map((entry) => (
        <tr key={entry.id}>
          <td>
            {nameOf(actions, entry.action)}
            {entry.operatorId != null && (
              <Tag className="by-administrator" title={entry.operatorId}>
                {byWhom(entry.operatorId, entry.operatorName)}
              </Tag>
            )}
          </td>
          <td data-label={text.outcome}>
            {entry.outcome === 'ok' ? (
              outcomes.ok
            ) : (
              <Tag color="warning">{nameOf(outcomes, entry.outcome)}</Tag>
            )}
          </td>
          <td className="app" data-label={text.app}>
            <AppName appId={entry.appId} />
          </td>
          <td className="code" data-label={text.address} title={entry.device ?? undefined}>
            {entry.address ?? '—'}
          </td>
          <td data-label={text.time}>
            <time dateTime={entry.at}>{format.dateTime(entry.at)}</time>
          </td>
        </tr>
      ))}
    </PersonSection>
  )
}
