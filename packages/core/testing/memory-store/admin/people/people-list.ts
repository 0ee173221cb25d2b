import type { Page, PeopleFilter, PeopleSearch, Person } from '../../../../src/admin/index.ts'
import { maskPhone } from '../../../../src/index.ts'
import { identityInApp } from '../../identity/identity-rows.ts'
import type { MemoryState, UserRow } from '../../state.ts'
import { type CursorKey, pageOf } from '../cursor.ts'
import { toPerson } from './people-rows.ts'

/** A whole id, external id, openid or number finds its users on one page; any other text is a part of a name or number. */
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

function sortingOf(state: MemoryState, { search, appId, sort }: PeopleFilter): Sorting {
  if (search !== null) return byName(search)
  if (sort === 'account') return byAccount
  const byTime: Sorting = sort === 'oldest' ? { ...newestFirst, order: 'asc' } : newestFirst
  if (appId === undefined) return byTime
  const boundAt = (id: string) => identityInApp(state, id, appId)?.boundAt ?? 0
  return { ...byTime, keyOf: ({ id }) => [boundAt(id), id] }
}

const byAccount: Sorting = {
  order: 'asc',
  form: ['string'],
  keyOf: ({ accountKey }) => (accountKey === null ? null : [accountKey]),
}

/** Account names first, then parts of nicknames, whose letters a to z are compared without case, then ends of numbers. */
const byName = ({ accountKey, text, phoneEnd }: PeopleSearch): Sorting => ({
  order: 'asc',
  form: ['number', 'string', 'string'],
  keyOf: ({ id, createdAt, ...user }) => {
    if (user.accountKey?.startsWith(accountKey)) return [0, user.accountKey, '']
    const nickname = lowerAscii(user.nickname ?? '')
    const place = nickname.indexOf(lowerAscii(text))
    if (place >= 0) return [1, nickname.slice(place), id]
    const hasEnd =
      phoneEnd !== null && user.phone !== null && maskPhone(user.phone).endsWith(phoneEnd)
    return hasEnd ? [2, newestFirstKey(createdAt, id), ''] : null
  },
})

/** Sorts in ascending order as the time and then the id do in descending order. */
const newestFirstKey = (createdAt: number, id: string): string =>
  [String(Number.MAX_SAFE_INTEGER - createdAt).padStart(16, '0'), ...id]
    .map((part, index) =>
      index === 0 ? part : String.fromCodePoint(0xffff - (part.codePointAt(0) ?? 0)),
    )
    .join('')

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
