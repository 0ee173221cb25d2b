import { Link } from '@tanstack/react-router'
import { Button, Tag } from 'antd'
import type { ReactNode } from 'react'
import { useAppName } from '../../app-name/use-app-name.ts'
import { useFormat } from '../../language/format.ts'
import { useText } from '../../language/texts.ts'
import { PersonAvatar } from '../../person/person-avatar.tsx'
import type { AdminInput, AdminOutput } from '../../service/trpc-client.ts'
import { distinguishingName } from './preview/merge-effects.ts'
import { mergesText } from './text.ts'

type ConflictPair = AdminOutput['conflicts']['list']['items'][number]

interface ConflictProps {
  readonly conflict: ConflictPair
  readonly onKeep: (mergeInput: AdminInput['conflicts']['merge']) => void
}

/** Two users of one person, side by side. */
export function Conflict({ conflict, onKeep }: ConflictProps): ReactNode {
  const text = useText(mergesText)
  const format = useFormat()
  const { unionid, first, second, detectedAt } = conflict
  const keep = (keepUserId: string) => () =>
    onKeep({ unionid, firstUserId: first.id, secondUserId: second.id, keepUserId })
  return (
    <section className="card" aria-label={`${text.unionid} ${unionid}`}>
      <header className="conflict-head">
        <span>
          {text.unionid} <span className="code">{unionid}</span>
        </span>
        <time className="secondary-text" dateTime={detectedAt} title={format.dateTime(detectedAt)}>
          {text.detected(format.relative(detectedAt))}
        </time>
      </header>
      <div className="conflict-users">
        <ConflictUser user={first} other={second} onKeep={keep(first.id)} />
        <ConflictUser user={second} other={first} onKeep={keep(second.id)} />
      </div>
    </section>
  )
}

interface ConflictUserProps {
  readonly user: ConflictPair['first']
  readonly other: ConflictPair['first']
  readonly onKeep: () => void
}

function ConflictUser({ user, other, onKeep }: ConflictUserProps): ReactNode {
  const text = useText(mergesText)
  const format = useFormat()
  const nameOf = useAppName()
  const name = distinguishingName(user)
  const seen = user.lastSeenAt === null ? text.never : format.relative(user.lastSeenAt)
  const details = [
    [text.account, user.account ?? text.nothing],
    [text.phone, user.phone ?? text.nothing],
    [text.nickname, user.nickname ?? text.nothing],
    [text.lastSeen, seen],
    [text.created, format.dateTime(user.createdAt)],
    [text.apps, user.appIds.map(nameOf).join(text.listSeparator) || text.nothing],
  ]
  return (
    <div className="conflict-user">
      <h2>
        <PersonAvatar person={user} name={user.nickname ?? name} />
        <Link to="/people/$userId" params={{ userId: user.id }}>
          {name}
        </Link>
        {user.role === 'admin' && <Tag color="processing">{text.administrator}</Tag>}
        {user.disabledAt !== null && <Tag color="error">{text.disabled}</Tag>}
      </h2>
      <dl>
        {details.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {other.role === 'admin' ? (
        <p className="secondary-text">{text.administratorNotMergeable}</p>
      ) : (
        <Button onClick={onKeep}>{text.keep(name)}</Button>
      )}
    </div>
  )
}
