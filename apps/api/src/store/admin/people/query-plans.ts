import type { PeopleFilter, PeopleSearch } from '@mianmi/core/admin'

/** One index scan over people: rows that an index keeps in the order of `first` and then `second`. */
export interface Source {
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
    ...(search === null ? [] : [`(${accountFits} or ${nicknameFits})`]),
  ]
}

// A range, because LIKE uses no index here; the last code point there is comes after all that may follow.
const accountFits = 'account_key >= :accountKey and account_key < :accountKeyEnd'
/** Regardless of the case of a to z, as the index has it. */
const nicknameFits =
  'nickname is not null and nickname collate nocase >= :text and nickname collate nocase < :textEnd'
const end = '\u{10FFFF}'

export const valuesOf = ({ appId, search }: PeopleFilter): Record<string, unknown> => ({
  ...(appId === undefined ? {} : { appId }),
  ...(search === null ? {} : searchValues(search)),
})

const searchValues = ({ text, accountKey }: PeopleSearch) => ({
  text,
  textEnd: text + end,
  accountKey,
  accountKeyEnd: accountKey + end,
})

const newest = { from: 'users', first: 'created_at', second: 'id', order: 'desc' } as const
const byName = { from: 'users', order: 'asc' } as const

const everyone: Source = { ...newest, name: 'everyone', where: 'true' }
const disabled: Source = { ...everyone, name: 'disabled', where: 'disabled_at is not null' }
const admins: Source = { ...everyone, name: 'admins', where: "role = 'admin'" }
const app: Source = {
  name: 'app',
  from: 'identities',
  where: 'app_id = :appId',
  first: 'bound_at',
  second: 'user_id',
  order: 'desc',
}
const accounts: Source = {
  ...byName,
  name: 'accounts',
  where: accountFits,
  first: 'account_key',
  // Nobody shares an account name.
  second: "''",
}
const nicknames: Source = {
  ...byName,
  name: 'nicknames',
  where: nicknameFits,
  first: 'nickname collate nocase',
  second: 'id',
}

/** Each plan finds every user that the filter accepts; it is read source by source. */
export function queryPlans({ status, role, appId, search }: PeopleFilter): (readonly Source[])[] {
  return [
    ...(role === 'admin' ? [[admins]] : []),
    ...(status === 'disabled' ? [[disabled]] : []),
    ...(search === null ? [] : [[accounts, nicknames]]),
    ...(appId === undefined ? [] : [[app]]),
    [everyone],
  ]
}

/** Excludes users that an earlier source of this plan has returned. */
export const foundBefore = (source: Source): string | null =>
  source.name === 'nicknames' ? `(account_key is null or not (${accountFits}))` : null
