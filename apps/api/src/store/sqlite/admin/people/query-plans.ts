import type { PeopleFilter, PeopleSearch } from '@mianmi/core/admin'

/** One index scan over people: rows that an index keeps in the order of `first` and then `second`. */
export interface PeopleSource {
  readonly name: 'everyone' | 'disabled' | 'admins' | 'app' | 'accounts' | 'nicknames'
  readonly from: 'users' | 'identities'
  readonly where: string
  readonly first: string
  readonly second: string
  readonly order: 'asc' | 'desc'
}

/** The text of a SQL condition on `users` for each filter that is set. */
export function conditionsOf({ status, role, appId, search }: PeopleFilter): string[] {
  return [
    'users.merged_into is null',
    ...(status === 'active' ? ['disabled_at is null'] : []),
    ...(status === 'disabled' ? ['disabled_at is not null'] : []),
    ...(role === undefined ? [] : [`role = '${role === 'admin' ? 'admin' : 'user'}'`]),
    ...(appId === undefined
      ? []
      : ['exists (select 1 from identities i where i.user_id = users.id and i.app_id = :appId)']),
    ...(search === null ? [] : [`(${accountMatches} or ${nicknameMatches})`]),
  ]
}

// A range, because LIKE uses no index here. The upper end is the highest code point, which sorts after every
// continuation.
const accountMatches = 'account_key >= :accountKey and account_key < :accountKeyEnd'
/** Case-insensitive for a to z, as the index is. */
const nicknameMatches =
  'nickname is not null and nickname collate nocase >= :text and nickname collate nocase < :textEnd'
const highestCodePoint = '\u{10FFFF}'

export const valuesOf = ({ appId, search }: PeopleFilter): Record<string, unknown> => ({
  ...(appId === undefined ? {} : { appId }),
  ...(search === null ? {} : searchValues(search)),
})

const searchValues = ({ text, accountKey }: PeopleSearch) => ({
  text,
  textEnd: text + highestCodePoint,
  accountKey,
  accountKeyEnd: accountKey + highestCodePoint,
})

const newestFirst = { from: 'users', first: 'created_at', second: 'id', order: 'desc' } as const
const byName = { from: 'users', order: 'asc' } as const

const everyone: PeopleSource = { ...newestFirst, name: 'everyone', where: 'true' }
const disabled: PeopleSource = { ...everyone, name: 'disabled', where: 'disabled_at is not null' }
const admins: PeopleSource = { ...everyone, name: 'admins', where: "role = 'admin'" }
const app: PeopleSource = {
  name: 'app',
  from: 'identities',
  where: 'app_id = :appId',
  first: 'bound_at',
  second: 'user_id',
  order: 'desc',
}
const accounts: PeopleSource = {
  ...byName,
  name: 'accounts',
  where: accountMatches,
  first: 'account_key',
  // Account names are unique.
  second: "''",
}
const nicknames: PeopleSource = {
  ...byName,
  name: 'nicknames',
  where: nicknameMatches,
  first: 'nickname collate nocase',
  second: 'id',
}

/** Each plan finds every user that the filter accepts; it is read source by source. */
export function queryPlans({
  status,
  role,
  appId,
  search,
}: PeopleFilter): (readonly PeopleSource[])[] {
  return [
    ...(role === 'admin' ? [[admins]] : []),
    ...(status === 'disabled' ? [[disabled]] : []),
    ...(search === null ? [] : [[accounts, nicknames]]),
    ...(appId === undefined ? [] : [[app]]),
    [everyone],
  ]
}

/** Excludes users that an earlier source of this plan has returned. */
export const foundByEarlierSource = (source: PeopleSource): string | null =>
  source.name === 'nicknames' ? `(account_key is null or not (${accountMatches}))` : null
