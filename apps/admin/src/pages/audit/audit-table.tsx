import { Link } from '@tanstack/react-router'
import { Tag } from 'antd'
import type { ReactNode } from 'react'
import { AppName } from '../../app-name/app-name.tsx'
import { useFormat } from '../../language/format.ts'
import { useText } from '../../language/texts.ts'
import type { AdminOutput } from '../../service/trpc-client.ts'
import { actionNames, nameOf } from './action-names.ts'
import { outcomeNames } from './outcome-names.ts'
import { auditText } from './text.ts'

type AuditEntry = AdminOutput['audit']['list']['items'][number]

/** One row per audit entry, or one card on a narrow screen. */
export function AuditTable({ entries }: { entries: readonly AuditEntry[] }): ReactNode {
  const text = useText(auditText)
  return (
    <div className="card audit-table">
      <table aria-label={text.list}>
        <thead>
          <tr>
            <th scope="col">{text.time}</th>
            <th scope="col">{text.action}</th>
            <th scope="col">{text.outcome}</th>
            <th scope="col">{text.user}</th>
            <th scope="col">{text.administrator}</th>
            <th scope="col">{text.app}</th>
            <th scope="col">{text.origin}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <Row key={entry.id} entry={entry} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ entry }: { entry: AuditEntry }): ReactNode {
  const text = useText(auditText)
  const actions = useText(actionNames)
  const format = useFormat()
  const { at, action, address, device, appId } = entry
  return (
    <tr>
      <td>
        <time dateTime={at}>
          <span>{format.date(at)}</span> <span>{format.timeOfDay(at)}</span>
        </time>
      </td>
      <td title={action}>{nameOf(actions, action)}</td>
      <td>
        <Outcome outcome={entry.outcome} />
        <Calls count={entry.count} />
      </td>
      <td data-label={text.user}>
        <SubjectLink id={entry.userId} name={entry.userName} />
      </td>
      <td data-label={text.administrator}>
        <SubjectLink id={entry.operatorId ?? null} name={entry.operatorName} />
      </td>
      <td data-label={text.app}>{appId !== null && <AppName appId={appId} />}</td>
      <td data-label={text.origin}>
        <span className="code">{address}</span>
        {device !== null && (
          <span className="secondary-text audit-device" title={device}>
            {device}
          </span>
        )}
      </td>
    </tr>
  )
}

/** What the entries of a deleted user have in place of the ID. */
const pseudonym = /^p-[0-9a-f]{32}$/

/** What the entries of another service have in place of an administrator's ID. */
const serviceKeyId = /^key-/

/**
 * A link to a person or to the service keys, by name. Without a name it shows the end of the ID: IDs begin with their
 * creation time, so only the end differs visibly.
 */
function SubjectLink({ id, name }: { id: string | null; name: string | null }): ReactNode {
  const text = useText(auditText)
  if (id === null) return null
  const shown = name ?? `…${id.slice(-10)}`
  const className = name === null ? 'audit-subject code' : 'audit-subject'
  if (pseudonym.test(id))
    return (
      <span className={className} title={text.deletedUser(id)}>
        {shown}
      </span>
    )
  if (serviceKeyId.test(id))
    return (
      <Link to="/service-keys" className={className} title={text.serviceKey(id)}>
        {shown}
      </Link>
    )
  return (
    <Link to="/people/$userId" params={{ userId: id }} className={className} title={id}>
      {shown}
    </Link>
  )
}

/** How many calls the entry stands for, where it is not one. */
function Calls({ count }: { count: number }): ReactNode {
  const text = useText(auditText)
  const format = useFormat()
  return count > 1 && <span className="secondary-text">{text.callsOf(format.number(count))}</span>
}

function Outcome({ outcome }: { outcome: string }): ReactNode {
  const names = useText(outcomeNames)
  const color = { ok: 'success', unbound: 'processing', started: 'processing' }[outcome] ?? 'error'
  return (
    <Tag color={color} title={outcome}>
      {nameOf(names, outcome)}
    </Tag>
  )
}
