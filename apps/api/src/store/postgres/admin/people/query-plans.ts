import type { PeopleFilter, PeopleSearch } from '@mianmi/core/admin'

/** One index scan over people: rows that an index keeps in the order of `first` and then `second`. */
export interface PeopleSource {
  readonly name: 'everyone' | 'disabled' | 'admins' | 'app' | 'accounts' | 'nicknames'
  readonly from: 'users' | 'identities'
  readonly where: string
  readonly first: string
  /** Null where `first` is unique. */
  readonly second: string | null
  readonly order: 'asc' | 'desc'
}

/** Values by name, of which a statement takes those that its text has. See `bind`. */
export type NamedValues = Readonly<Record<string, unknown>>

/**
 * A text with parameters by name, `:appId`, as PostgreSQL takes it: numbered in the order in which they come first. There
 * are as many texts as combinations of filters, so each is prepared once.
 */
export function bind(text: string, values: NamedValues): [text: string, values: unknown[]] {
  const names: string[] = []
  const numbered = text.replace(/(?<![:\w]):(\w+)/g, (_, name: string) => {
    if (!names.includes(name)) names.push(name)
    return `$${names.indexOf(name) + 1}`
  })
  return [numbered, names.map((name) => values[name])]
}

/** The text of a SQL condition on `users` for each filter that is set. */
export function conditionsOf({ status, role, appId, search }: PeopleFilter): string[] {
  return [
    'users.merged_into is null',
    ...(status === 'active' ? ['users.disabled_at is null'] : []),
    ...(status === 'disabled' ? ['users.disabled_at is not null'] : []),
    ...(role === undefined ? [] : [`users.role = '${role === 'admin' ? 'admin' : 'user'}'`]),
    ...(appId === undefined ? [] : [isInApp]),
    ...(search === null ? [] : [`(${accountMatches} or ${nicknameMatches})`]),
  ]
}

// A scalar query, which is looked up for each user that is examined. PostgreSQL may read all identities of the app for
// an `exists`.
const isInApp = `(select true from identities i where i.user_id = users.id and i.app_id = :appId)`
// A range, because LIKE with a parameter uses no index. The upper end is the highest code point, which sorts after every
// continuation.
const accountMatches = '(users.account_key >= :accountKey and users.account_key < :accountKeyEnd)'
/** Case-insensitive for a to z, as the index is: the columns have the collation "C". */
const nicknameMatches = `(users.nickname is not null
  and lower(users.nickname) >= lower(:text::text collate "C")
  and lower(users.nickname) < lower(:textEnd::text collate "C"))`
const highestCodePoint = '\u{10FFFF}'

export const valuesOf = ({ appId, search }: PeopleFilter): NamedValues => ({
  ...(appId === undefined ? {} : { appId }),
  ...(search === null ? {} : searchValues(search)),
})

const searchValues = ({ text, accountKey }: PeopleSearch) => ({
  text,
  textEnd: text + highestCodePoint,
  accountKey,
  accountKeyEnd: accountKey + highestCodePoint,
})

const newestFirst = {
  from: 'users',
  first: 'users.created_at',
  second: 'users.id',
  order: 'desc',
} as const
const byName = { from: 'users', order: 'asc' } as const

const everyone: PeopleSource = { ...newestFirst, name: 'everyone', where: 'true' }
const disabled: PeopleSource = {
  ...everyone,
  name: 'disabled',
  where: 'users.disabled_at is not null',
}
const admins: PeopleSource = { ...everyone, name: 'admins', where: "users.role = 'admin'" }
const app: PeopleSource = {
  name: 'app',
  from: 'identities',
  where: 'identities.app_id = :appId',
  first: 'identities.bound_at',
  second: 'identities.user_id',
  order: 'desc',
}
const accounts: PeopleSource = {
  ...byName,
  name: 'accounts',
  where: accountMatches,
  first: 'users.account_key',
  second: null,
}
const nicknames: PeopleSource = {
  ...byName,
  name: 'nicknames',
  where: nicknameMatches,
  first: 'lower(users.nickname)',
  second: 'users.id',
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
  source.name === 'nicknames' ? `(users.account_key is null or not ${accountMatches})` : null
