import type { ReactNode } from 'react'
import { Moment } from '../../language/moment.tsx'
import { useText } from '../../language/texts.ts'
import { nameOfPerson } from '../../person/name.ts'
import { Portrait } from '../../person/portrait.tsx'
import { Standing } from '../../person/standing.tsx'
import type { AdminOutput } from '../../service/trpc.ts'
import { Phone } from './phone.tsx'
import { personText } from './text.ts'

type Person = AdminOutput['people']['view']['person']

export function Facts({ person }: { person: Person }): ReactNode {
  const text = useText(personText)
  const facts: readonly (readonly [string, ReactNode])[] = [
    [
      text.id,
      <span key="id" className="code">
        {person.id}
      </span>,
    ],
    [text.account, person.account ?? '—'],
    [text.phone, <Phone key={person.id} userId={person.id} masked={person.phone} />],
    [text.password, person.hasPassword ? text.hasPassword : text.noPassword],
    [text.since, <Moment key="since" at={person.createdAt} />],
    [text.lastSeen, <Moment key="seen" at={person.lastSeenAt} />],
    ...(person.disabledAt === null
      ? []
      : [[text.disabledSince, <Moment key="disabled" at={person.disabledAt} />] as const]),
  ]
  return (
    <section className="card facts" aria-label={text.facts}>
      <div>
        <Portrait of={person} name={nameOfPerson(person)} size={56} />
        <Standing of={person} />
      </div>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
