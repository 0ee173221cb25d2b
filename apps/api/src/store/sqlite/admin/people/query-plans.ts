import type { PeopleFilter, PeopleSearch } from '@mianmi/core/admin'

/** One index scan over people: rows that an index keeps in the order of `first` and then `second`. */
export interface PeopleSource {
  readonly name: 'everyone' | 'disabled' | 'admins' | 'app' | 'accounts' | 'nicknames' | 'phones'
  readonly from: 'users' | 'identities' | 'nickname_suffixes'
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
    ...(search === null
      ? []
      : [
          `(${searchSources(search)
            .map(({ matches }) => matches)
            .join(' or ')})`,
        ]),
  ]
}

// A range, because LIKE uses no index here. The upper end is the highest code point, which sorts after every
// continuation.
const accountMatches = 'account_key >= :accountKey and account_key < :accountKeyEnd'
/** Case-insensitive for a to z, as the suffixes are. */
const nicknameMatches = 'ifnull(instr(lower(nickname), lower(:text)), 0) > 0'
const phoneMatches = 'phone is not null and substr(phone, -4) = :phoneEnd'
const highestCodePoint = '\u{10FFFF}'

export const valuesOf = ({ appId, search }: PeopleFilter): Record<string, unknown> => ({
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
  name: 'nicknames',
  from: 'nickname_suffixes',
  where: 'suffix >= lower(:text) and suffix < lower(:textEnd)',
  first: 'suffix',
  second: 'user_id',
  order: 'asc',
}
const phones: PeopleSource = { ...newestFirst, name: 'phones', where: phoneMatches }

/** Everyone who has an account name. */
const named: PeopleSource = { ...accounts, where: 'account_key is not null' }

/** Where a search looks, in the order of the list, and the condition on `users` that each one finds by. */
const searchSources = ({ phoneEnd }: PeopleSearch) => [
  { source: accounts, matches: `ifnull(${accountMatches}, false)` },
  { source: nicknames, matches: nicknameMatches },
  ...(phoneEnd === null ? [] : [{ source: phones, matches: `ifnull(${phoneMatches}, false)` }]),
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

/** A part may come several times in a nickname: its first place counts. */
const isFirstPlace = 'length(nickname) - length(suffix) + 1 = instr(lower(nickname), lower(:text))'
const noAccountMatches = `(account_key is null or not (${accountMatches}))`

/** Excludes users that this plan has returned before. */
export const foundEarlier = ({ name }: PeopleSource): readonly string[] => {
  if (name === 'nicknames') return [noAccountMatches, isFirstPlace]
  return name === 'phones' ? [noAccountMatches, `not (${nicknameMatches})`] : []
}
