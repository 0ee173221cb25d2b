import { Link } from '@tanstack/react-router'
import { Tag } from 'antd'
import type { ReactNode } from 'react'
import { useFormat } from '../../language/format.ts'
import { useText } from '../../language/texts.ts'
import type { AdminOutput } from '../../service/trpc-client.ts'
import { actionNames, nameOf } from './action-names.ts'
import { outcomeNames } from './outcome-names.ts'
import { auditText } from './text.ts'

type AuditEntry = AdminOutput['audit']['list']['items'][number]

/** A row a line, or a card on a narrow screen. */
export function AuditTable({ lines }: { lines: readonly AuditEntry[] }): ReactNode {
  const text = useText(auditText)
  return (
    <div className="card log">
      <table aria-label={text.list}>
        <thead>
          <tr>
            <th scope="col">{text.time}</th>
            <th scope="col">{text.action}</th>
            <th scope="col">{text.outcome}</th>
            <th scope="col">{text.user}</th>
            <th scope="col">{text.operator}</th>
            <th scope="col">{text.app}</th>
            <th scope="col">{text.origin}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <Row key={line.id} line={line} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ line }: { line: AuditEntry }): ReactNode {
  const text = useText(auditText)
  const actions = useText(actionNames)
  const { at, action, address, device, appId } = line
  return (
    <tr>
      <td>
        <time dateTime={at}>{useFormat().dateTime(at)}</time>
      </td>
      <td title={action}>{nameOf(actions, action)}</td>
      <td>
        <Outcome outcome={line.outcome} />
      </td>
      <td data-label={text.user}>
        <PersonLink id={line.userId} />
      </td>
      <td data-label={text.operator}>
        <PersonLink id={line.operatorId ?? null} />
      </td>
      <td data-label={text.app}>{appId !== null && <span className="code">{appId}</span>}</td>
      <td data-label={text.origin}>
        <span className="code">{address}</span>
        {device !== null && (
          <span className="soft log-device" title={device}>
            {device}
          </span>
        )}
      </td>
    </tr>
  )
}

/** Ids begin with the time they were made at: what tells two apart is the end. */
function PersonLink({ id }: { id: string | null }): ReactNode {
  if (id === null) return null
  return (
    <Link to="/people/$userId" params={{ userId: id }} className="code" title={id}>
      …{id.slice(-10)}
    </Link>
  )
}

function Outcome({ outcome }: { outcome: string }): ReactNode {
  const names = useText(outcomeNames)
  const color = { ok: 'success', unbound: 'processing' }[outcome] ?? 'error'
  return (
    <Tag color={color} title={outcome}>
      {nameOf(names, outcome)}
    </Tag>
  )
}
