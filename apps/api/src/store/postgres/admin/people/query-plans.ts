import type { PeopleFilter, PeopleSearch } from '@mianmi/core/admin'

/** One index scan over people: rows that an index keeps in the order of `first` and then `second`. */
export interface PeopleSource {
  readonly name: 'everyone' | 'disabled' | 'admins' | 'app' | 'accounts' | 'nicknames' | 'phones'
  readonly from: 'users' | 'identities' | 'nickname_suffixes'
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
    ...(search === null
      ? []
      : [
          `(${searchSources(search)
            .map(({ matches }) => matches)
            .join(' or ')})`,
        ]),
  ]
}

// A scalar query, which is looked up for each user that is examined. PostgreSQL may read all identities of the app for
// an `exists`.
const isInApp = `(select true from identities i where i.user_id = users.id and i.app_id = :appId)`
// A range, because LIKE with a parameter uses no index. The upper end is the highest code point, which sorts after every
// continuation.
const accountMatches = '(users.account_key >= :accountKey and users.account_key < :accountKeyEnd)'
/** Case-insensitive for a to z, as the suffixes are: the columns have the collation "C". */
const placeInNickname = `position(lower(:text::text collate "C") in lower(users.nickname))`
const nicknameMatches = `coalesce(${placeInNickname} > 0, false)`
const phoneMatches = '(users.phone is not null and right(users.phone, 4) = :phoneEnd)'
const highestCodePoint = '\u{10FFFF}'

export const valuesOf = ({ appId, search }: PeopleFilter): NamedValues => ({
  ...(appId === undefined ? {} : { appId }),
  ...(search === null ? {} : searchValues(search)),
})

const searchValues = ({ text, accountKey, phoneEnd }: PeopleSearch) => ({
  text,
  textEnd: text + highestCodePoint,
  phoneEnd,
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
  name: 'nicknames',
  from: 'nickname_suffixes',
  where: `nickname_suffixes.suffix >= lower(:text::text collate "C")
    and nickname_suffixes.suffix < lower(:textEnd::text collate "C")`,
  first: 'nickname_suffixes.suffix',
  second: 'nickname_suffixes.user_id',
  order: 'asc',
}
const phones: PeopleSource = { ...newestFirst, name: 'phones', where: phoneMatches }

/** Everyone who has an account name. */
const named: PeopleSource = { ...accounts, where: 'users.account_key is not null' }

/** Where a search looks, in the order of the list, and the condition on `users` that each one finds by. */
const searchSources = ({ phoneEnd }: PeopleSearch) => [
  { source: accounts, matches: accountMatches },
  { source: nicknames, matches: nicknameMatches },
  ...(phoneEnd === null ? [] : [{ source: phones, matches: phoneMatches }]),
]

/** Each plan finds every user that the filter accepts; it is read source by source. */
export function queryPlans({
  status,
  role,
  appId,
  search,
  sort,
}: PeopleFilter): (readonly PeopleSource[])[] {
  if (search === null && sort === 'account') return [[named]]
  const plans = [
    ...(role === 'admin' ? [[admins]] : []),
    ...(status === 'disabled' ? [[disabled]] : []),
    ...(search === null ? [] : [searchSources(search).map(({ source }) => source)]),
    ...(appId === undefined ? [] : [[app]]),
    [everyone],
  ]
  // A search has an order of its own.
  if (search !== null || sort !== 'oldest') return plans
  return plans.map((plan) => plan.map((source) => ({ ...source, order: 'asc' })))
}

const noAccountMatches = `(users.account_key is null or not ${accountMatches})`
/** A part may come several times in a nickname: its first place counts. */
const isFirstPlace = `length(users.nickname) - length(scanned.first) + 1 = ${placeInNickname}`

/** Excludes users that this plan has returned before. */
export const foundEarlier = ({ name }: PeopleSource): readonly string[] => {
  if (name === 'nicknames') return [noAccountMatches, isFirstPlace]
  return name === 'phones' ? [noAccountMatches, `not ${nicknameMatches}`] : []
}
