import type { Page, PeopleFilter, PeopleSearch, Person } from '../../../../src/admin/index.ts'
import { identityInApp } from '../../identity/identity-rows.ts'
import type { MemoryState, UserRow } from '../../state.ts'
import { type CursorKey, pageOf } from '../cursor.ts'
import { toPerson } from './people-rows.ts'

/** A whole id, external id, openid or number finds its users on one page; any other text is the beginning of a name. */
export function listPeople(state: MemoryState, filter: PeopleFilter): Page<Person> {
  const { search, cursor } = filter
  const users = [...state.users.values()].filter((user) => passes(state, user, filter))
  const exact = search === null || cursor !== undefined ? [] : foundExactly(state, search)
  const { items, next } =
    exact.length > 0
      ? pageByKey(
          users.filter(({ id }) => exact.includes(id)),
          { ...filter, limit: exact.length },
          newestFirst,
        )
      : pageByKey(users, filter, sortingOf(state, filter))
  return { items: items.map((user) => toPerson(state, user)), next }
}

function passes(state: MemoryState, user: UserRow, { status, role, appId }: PeopleFilter): boolean {
  return (
    user.mergedInto === null &&
    (status === undefined || (user.disabledAt === null) === (status === 'active')) &&
    (role === undefined || user.role === role) &&
    (appId === undefined || identityInApp(state, user.id, appId) !== null)
  )
}

function foundExactly(state: MemoryState, { text, phone, accountKey }: PeopleSearch): string[] {
  const users = [...state.users.values()]
  const openidOwners = [...state.identities.values()]
    .filter(({ openid }) => openid === text)
    .map(({ userId }) => userId)
  const ids = users
    .filter(
      (user) =>
        user.id === text || user.externalId === text || (phone !== null && user.phone === phone),
    )
    .map(({ id }) => id)
    .concat(openidOwners)
  const sameName = users.filter((user) => user.accountKey === accountKey).map(({ id }) => id)
  return ids.length === 0 ? [] : [...ids, ...sameName]
}

interface Sorting {
  readonly order: 'asc' | 'desc'
  readonly form: readonly ('string' | 'number')[]
  /** Null for a user who is not in the list. */
  readonly keyOf: (user: UserRow) => CursorKey | null
}

const newestFirst: Sorting = {
  order: 'desc',
  form: ['number', 'string'],
  keyOf: ({ createdAt, id }) => [createdAt, id],
}

function sortingOf(state: MemoryState, { search, appId }: PeopleFilter): Sorting {
  if (search !== null) return byName(search)
  if (appId === undefined) return newestFirst
  const boundAt = (id: string) => identityInApp(state, id, appId)?.boundAt ?? 0
  return { ...newestFirst, keyOf: ({ id }) => [boundAt(id), id] }
}

/** Account names first, then nicknames, whose letters a to z are compared without case. */
const byName = ({ accountKey, text }: PeopleSearch): Sorting => ({
  order: 'asc',
  form: ['number', 'string', 'string'],
  keyOf: (user) => {
    if (user.accountKey?.startsWith(accountKey)) return [0, user.accountKey, '']
    const nickname = user.nickname && lowerAscii(user.nickname)
    return nickname?.startsWith(lowerAscii(text)) ? [1, nickname, user.id] : null
  },
})

const lowerAscii = (text: string): string =>
  text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())

function pageByKey(
  users: readonly UserRow[],
  { cursor, limit }: Pick<PeopleFilter, 'cursor' | 'limit'>,
  { keyOf, ...sorting }: Sorting,
): Page<UserRow> {
  const keyed = users.flatMap((user) => {
    const key = keyOf(user)
    return key === null ? [] : [{ user, key }]
  })
  const page = pageOf(keyed, { cursor, limit, ...sorting, keyOf: ({ key }) => key })
  return { items: page.items.map(({ user }) => user), next: page.next }
}
