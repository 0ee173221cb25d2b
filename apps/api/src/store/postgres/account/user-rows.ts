import { maskPhone, type NewUser, type UserRecord } from '@mianmi/core'
import type { PhoneSealer } from '../../../tokens/phone-sealer.ts'
import type { Queries } from '../connection/index.ts'

/** The columns of `UserRecord`, selected from `users u`. */
export const userRecordColumns = `u.id, u.account, u.password_hash as "passwordHash", u.phone,
  u.phone_proven_at as "phoneProvenAt", u.nickname, u.avatar_url as "avatarUrl", u.external_id as "externalId", u.role,
  u.disabled_at as "disabledAt", u.created_at as "createdAt"`

const select = `select ${userRecordColumns} from users u`

export const findUser = (queries: Queries, id: string): Promise<UserRecord | null> =>
  queries.first<UserRecord>(`${select} where u.id = $1`, [id])

/** Of a caller who was checked in the same transaction. */
export async function requireUser(queries: Queries, id: string): Promise<UserRecord> {
  const user = await findUser(queries, id)
  if (user === null) throw new Error('the user was checked in this transaction')
  return user
}

export const findUserByAccount = (queries: Queries, key: string): Promise<UserRecord | null> =>
  queries.first<UserRecord>(`${select} where u.account_key = $1`, [key])

/** Where two users have one number, stored under two keys of the service, the last proof counts. */
export const findUserByPhone = (
  queries: Queries,
  phones: PhoneSealer,
  phone: string,
): Promise<UserRecord | null> =>
  queries.first<UserRecord>(
    `${select} where u.phone_key = any($1) order by u.phone_proven_at desc nulls last limit 1`,
    [phones.keys(phone)],
  )

export const hasAccount = async (queries: Queries, key: string | null): Promise<boolean> =>
  key !== null &&
  (await queries.first('select 1 as found from users where account_key = $1', [key])) !== null

/** A number and when it was proven, in ms since the epoch. */
export interface ProvenPhone {
  readonly phone: string
  readonly provenAt: number
}

/** Call it inside a transaction. A name or a number that another user has is a violation of a unique index. */
export async function insertUser(
  queries: Queries,
  phones: PhoneSealer,
  user: NewUser & { readonly phone?: string },
): Promise<UserRecord> {
  const { id, account, accountKey, passwordHash, createdAt, phone } = user
  const number =
    phone === undefined ? noPhone : sealPhone(phones, id, { phone, provenAt: createdAt })
  const inserted = await queries.first<UserRecord>(
    `insert into users as u (id, account, account_key, password_hash, created_at,
       phone, phone_key, sealed_phone, phone_proven_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning ${userRecordColumns}`,
    [id, account, accountKey, passwordHash, createdAt, ...number],
  )
  if (inserted === null) throw new Error('an insertion returns its row')
  return inserted
}

/** Stores a number that was proven, under the first key of the service. Call it inside a transaction. */
export async function setUserPhone(
  queries: Queries,
  phones: PhoneSealer,
  { id, ...number }: ProvenPhone & { readonly id: string },
): Promise<UserRecord> {
  const user = await queries.first<UserRecord>(
    `update users u set phone = $2, phone_key = $3, sealed_phone = $4, phone_proven_at = $5
     where u.id = $1 returning ${userRecordColumns}`,
    [id, ...sealPhone(phones, id, number)],
  )
  if (user === null) throw new Error('the user was locked in this transaction')
  return user
}

/** Takes the number, with a password that is of no use without it. Call it inside a transaction. */
export const clearUserPhone = async (queries: Queries, id: string): Promise<void> =>
  void (await queries.run(
    `update users set phone = null, phone_key = null, sealed_phone = null, phone_proven_at = null,
       password_hash = case when account is null then null else password_hash end
     where id = $1`,
    [id],
  ))

export const setUserPassword = async (queries: Queries, id: string, to: string): Promise<void> =>
  void (await queries.run('update users set password_hash = $2 where id = $1', [id, to]))

/** Masked for display, a keyed fingerprint for look-ups, the sealed number, and when it was proven. */
type PhoneColumns = readonly [
  phone: string | null,
  key: string | null,
  sealed: string | null,
  provenAt: number | null,
]

const noPhone: PhoneColumns = [null, null, null, null]

const sealPhone = (
  phones: PhoneSealer,
  id: string,
  { phone, provenAt }: ProvenPhone,
): PhoneColumns => [maskPhone(phone), phones.key(phone), phones.seal(id, phone), provenAt]
