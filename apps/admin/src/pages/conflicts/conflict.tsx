import { Link } from '@tanstack/react-router'
import { Button, Tag } from 'antd'
import type { ReactNode } from 'react'
import { useFormat } from '../../language/format.ts'
import { useText } from '../../language/texts.ts'
import { Portrait } from '../../person/portrait.tsx'
import type { AdminInput, AdminOutput } from '../../service/trpc.ts'
import { partyName } from './merge/effects.ts'
import { conflictsText } from './text.ts'

type Pair = AdminOutput['conflicts']['list']['items'][number]

interface ConflictProps {
  readonly conflict: Pair
  readonly onKeep: (order: AdminInput['conflicts']['merge']) => void
}

/** Two users who are one person, side by side. */
export function Conflict({ conflict, onKeep }: ConflictProps): ReactNode {
  const text = useText(conflictsText)
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
        <time className="soft" dateTime={detectedAt} title={format.dateTime(detectedAt)}>
          {text.detected(format.relative(detectedAt))}
        </time>
      </header>
      <div className="parties">
        <Party party={first} other={second} onKeep={keep(first.id)} />
        <Party party={second} other={first} onKeep={keep(second.id)} />
      </div>
    </section>
  )
}

interface PartyProps {
  readonly party: Pair['first']
  readonly other: Pair['first']
  readonly onKeep: () => void
}

function Party({ party, other, onKeep }: PartyProps): ReactNode {
  const text = useText(conflictsText)
  const format = useFormat()
  const name = partyName(party)
  const seen = party.lastSeenAt === null ? text.never : format.relative(party.lastSeenAt)
  const facts = [
    [text.account, party.account ?? text.nothing],
    [text.phone, party.phone ?? text.nothing],
    [text.nickname, party.nickname ?? text.nothing],
    [text.lastSeen, seen],
    [text.created, format.dateTime(party.createdAt)],
    [text.apps, party.appIds.join(' ') || text.nothing],
  ]
  return (
    <div className="party">
      <h2>
        <Portrait of={party} name={party.nickname ?? name} />
        <Link to="/people/$userId" params={{ userId: party.id }}>
          {name}
        </Link>
        {party.role === 'admin' && <Tag color="processing">{text.operator}</Tag>}
        {party.disabledAt !== null && <Tag color="error">{text.disabled}</Tag>}
      </h2>
      <dl>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {other.role === 'admin' ? (
        <p className="soft">{text.operatorStays}</p>
      ) : (
        <Button onClick={onKeep}>{text.keep(name)}</Button>
      )}
    </div>
  )
}
