import { Link } from '@tanstack/react-router'
import { Button, Tag } from 'antd'
import type { ReactNode } from 'react'
import { useFormat } from '../../language/format.ts'
import { RelativeTime } from '../../language/relative-time.tsx'
import { useText } from '../../language/texts.ts'
import type { AdminOutput } from '../../service/trpc-client.ts'
import { serviceKeysText } from './text.ts'

export type ListedKey = AdminOutput['serviceKeys']['list']['keys'][number]

interface ServiceKeyTableProps {
  readonly keys: readonly ListedKey[]
  readonly onRotate: (key: ListedKey) => void
  readonly onRevoke: (key: ListedKey) => void
}

export function ServiceKeyTable({ keys, ...actions }: ServiceKeyTableProps): ReactNode {
  const text = useText(serviceKeysText)
  return (
    <div className="card row-table">
      <table aria-label={text.list}>
        <thead>
          <tr>
            <th scope="col">{text.name}</th>
            <th scope="col">{text.scopes}</th>
            <th scope="col">{text.status}</th>
            <th scope="col">{text.lastUsed}</th>
            <th scope="col">{text.created}</th>
            <th scope="col">{text.actions}</th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <Row key={key.id} listed={key} {...actions} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({
  listed,
  onRotate,
  onRevoke,
}: Omit<ServiceKeyTableProps, 'keys'> & { listed: ListedKey }): ReactNode {
  const text = useText(serviceKeysText)
  const uses = listed.secrets.flatMap(({ lastUsedAt }) => lastUsedAt ?? []).sort()
  const lastUse = uses.at(-1)
  return (
    <tr>
      <td title={listed.id}>{listed.name}</td>
      <td data-label={text.scopes}>
        <span className="code">{listed.scopes.join(' ')}</span>
      </td>
      <td data-label={text.status}>
        <Status listed={listed} />
      </td>
      <td data-label={text.lastUsed}>
        {lastUse === undefined ? text.neverUsed : <RelativeTime at={lastUse} />}
      </td>
      <td data-label={text.created}>
        <RelativeTime at={listed.createdAt} />
        <Creator id={listed.createdBy} name={listed.creatorName} />
      </td>
      <td className="row-actions">
        {listed.revokedAt === null && (
          <>
            <Button size="small" onClick={() => onRotate(listed)}>
              {text.rotate}
            </Button>
            <Button size="small" danger onClick={() => onRevoke(listed)}>
              {text.revoke}
            </Button>
          </>
        )}
      </td>
    </tr>
  )
}

/** Nothing where a command created the key, or the administrator was deleted. */
function Creator({ id, name }: { id: string | null; name: string | null }): ReactNode {
  if (id === null) return null
  return (
    <Link
      to="/people/$userId"
      params={{ userId: id }}
      title={id}
      className={name === null ? 'creator code' : 'creator'}
    >
      {name ?? id}
    </Link>
  )
}

/** Times on the wire are ISO 8601 in UTC, so their texts sort as they do. */
function Status({ listed }: { listed: ListedKey }): ReactNode {
  const text = useText(serviceKeysText)
  const format = useFormat()
  if (listed.revokedAt !== null) return <Tag color="error">{text.revoked}</Tag>
  const until = listed.secrets
    .flatMap(({ expiresAt }) => expiresAt ?? [])
    .sort()
    .at(-1)
  const isRotating = until !== undefined && Date.parse(until) > Date.now()
  if (isRotating) return <Tag color="processing">{text.rotating(format.dateTime(until))}</Tag>
  return <Tag color="success">{text.active}</Tag>
}
