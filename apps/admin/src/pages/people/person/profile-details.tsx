import type { ReactNode } from 'react'
import { RelativeTime } from '../../../language/relative-time.tsx'
import { useText } from '../../../language/texts.ts'
import { AccountStatus } from '../../../person/account-status.tsx'
import { displayName } from '../../../person/display-name.ts'
import { ownPicture } from '../../../person/own-picture.ts'
import { PersonAvatar } from '../../../person/person-avatar.tsx'
import type { AdminOutput } from '../../../service/trpc-client.ts'
import { Phone } from './phone.tsx'
import { personText } from './text.ts'

type Person = AdminOutput['people']['view']['person']

export function ProfileDetails({ person }: { person: Person }): ReactNode {
  const text = useText(personText)
  const details: readonly (readonly [string, ReactNode])[] = [
    [
      text.id,
      <span key="id" className="code">
        {person.id}
      </span>,
    ],
    ...(person.externalId === null
      ? []
      : [
          [
            text.externalId,
            <span key="externalId" className="code">
              {person.externalId}
            </span>,
          ] as const,
        ]),
    [text.account, person.account ?? '—'],
    [text.phone, <Phone key={person.id} userId={person.id} masked={person.phone} />],
    [text.password, person.hasPassword ? text.hasPassword : text.noPassword],
    [text.since, <RelativeTime key="since" at={person.createdAt} />],
    [text.lastSeen, <RelativeTime key="seen" at={person.lastSeenAt} />],
    ...(person.avatarUrl === null || ownPicture(person.avatarUrl) !== undefined
      ? []
      : [[text.foreignPicture, <ForeignPicture key="picture" url={person.avatarUrl} />] as const]),
    ...(person.disabledAt === null
      ? []
      : [[text.disabledSince, <RelativeTime key="disabled" at={person.disabledAt} />] as const]),
  ]
  return (
    <section className="card profile-details" aria-label={text.details}>
      <div>
        <PersonAvatar person={person} name={displayName(person)} size={56} />
        <AccountStatus person={person} />
      </div>
      <dl>
        {details.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** A link, because the console loads nothing from other hosts by itself. Text, where the address is none to open. */
function ForeignPicture({ url }: { url: string }): ReactNode {
  const address = URL.canParse(url) ? new URL(url) : null
  if (address?.protocol !== 'https:') return url
  return (
    <a href={address.href} target="_blank" rel="noopener noreferrer">
      {address.host}
    </a>
  )
}
