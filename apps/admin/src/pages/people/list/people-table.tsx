import { Link } from '@tanstack/react-router'
import { type KeyboardEvent, type ReactNode, useRef } from 'react'
import { AppName } from '../../../app-name/app-name.tsx'
import { useAppName } from '../../../app-name/use-app-name.ts'
import { RelativeTime } from '../../../language/relative-time.tsx'
import { useText } from '../../../language/texts.ts'
import { AccountStatus } from '../../../person/account-status.tsx'
import { displayName } from '../../../person/display-name.ts'
import { PersonAvatar } from '../../../person/person-avatar.tsx'
import type { AdminOutput } from '../../../service/trpc-client.ts'
import { peopleText } from './text.ts'
import { useShortcut } from './use-shortcut.ts'

type Person = AdminOutput['people']['list']['items'][number]

interface PeopleTableProps {
  readonly people: readonly Person[]
  /** The ids of the selected people. */
  readonly selected: ReadonlySet<string>
  readonly onSelect: (selected: ReadonlySet<string>) => void
}

/** One row per person, or one card on a narrow screen. The arrow keys move between them. */
export function PeopleTable({ people, selected, onSelect }: PeopleTableProps): ReactNode {
  const text = useText(peopleText)
  const ids = people.map(({ id }) => id)
  const toggle = (id: string) => {
    const others = [...selected].filter((each) => each !== id)
    onSelect(new Set(selected.has(id) ? others : [...others, id]))
  }
  const body = useRef<HTMLTableSectionElement>(null)
  const links = () => [...(body.current?.querySelectorAll<HTMLElement>('a.person') ?? [])]
  useShortcut('ArrowDown', () => {
    // While no row has the focus, the first one gets it.
    if (!links().some((link) => link.matches(':focus'))) links()[0]?.focus()
  })
  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    event.stopPropagation()
    const all = links()
    const current = all.findIndex((link) => link.matches(':focus'))
    all[Math.min(all.length - 1, Math.max(0, current + step))]?.focus()
  }
  return (
    <div className="card row-table people">
      <table aria-label={text.list}>
        <thead>
          <tr>
            <th scope="col">
              <label className="people-name">
                <input
                  type="checkbox"
                  aria-label={text.selectAll}
                  checked={ids.every((id) => selected.has(id))}
                  onChange={({ target }) => onSelect(new Set(target.checked ? ids : []))}
                />
                {text.person}
              </label>
            </th>
            <th scope="col">{text.account}</th>
            <th scope="col">{text.phone}</th>
            <th scope="col">{text.apps}</th>
            <th scope="col">{text.status}</th>
            <th scope="col">{text.lastSeen}</th>
            <th scope="col">{text.since}</th>
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={move}>
          {people.map((person) => (
            <Row
              key={person.id}
              person={person}
              isSelected={selected.has(person.id)}
              onToggle={() => toggle(person.id)}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface RowProps {
  readonly person: Person
  readonly isSelected: boolean
  readonly onToggle: () => void
}

function Row({ person, isSelected, onToggle }: RowProps): ReactNode {
  const text = useText(peopleText)
  const name = displayName(person)
  const [firstApp = null, ...otherApps] = person.appIds
  const nameOf = useAppName()
  return (
    <tr>
      <td>
        <div className="people-name">
          <input
            type="checkbox"
            aria-label={text.select(name)}
            checked={isSelected}
            onChange={onToggle}
          />
          <Link className="person" to="/people/$userId" params={{ userId: person.id }}>
            <PersonAvatar person={person} name={name} />
            <span>{name}</span>
          </Link>
        </div>
      </td>
      <td data-label={text.account}>
        {person.account ?? <span className="secondary-text">—</span>}
      </td>
      <td data-label={text.phone}>{person.phone ?? <span className="secondary-text">—</span>}</td>
      <td data-label={text.apps} title={person.appIds.map(nameOf).join('\n')}>
        <AppName appId={firstApp} />
        {otherApps.length > 0 && <span className="secondary-text"> +{otherApps.length}</span>}
      </td>
      <td data-label={text.status}>
        <AccountStatus person={person} />
      </td>
      <td data-label={text.lastSeen}>
        <RelativeTime at={person.lastSeenAt} />
      </td>
      <td data-label={text.since}>
        <RelativeTime at={person.createdAt} />
      </td>
    </tr>
  )
}
