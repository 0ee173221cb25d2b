import type {
  ExportedUser,
  ExportRequest,
  ImportedIdentity,
  PresentUser,
  UniqueField,
  UniqueValue,
} from '@mianmi/core/transfer'
import type { PhoneSealer } from '../../../tokens/phone-sealer.ts'
import type { Queries } from '../connection/index.ts'

interface UserRow extends Omit<ExportedUser, 'identities' | 'phone'> {
  readonly role: 'user' | 'admin'
  readonly sealedPhone: string | null
}

interface IdentityRow extends ImportedIdentity {
  readonly userId: string
}

const columns = `u.id, u.external_id as "externalId", u.account, u.password_hash as "passwordHash",
  u.sealed_phone as "sealedPhone", u.phone_proven_at as "phoneProvenAt", u.nickname, u.role,
  u.disabled_at as "disabledAt", u.created_at as "createdAt"`

/** The statement that finds the owners of values of each field, with the value of each. */
const ownerStatements: Readonly<Record<UniqueField, string>> = {
  id: `select u.id as value, ${columns} from users u where u.id = any($1::text[])`,
  externalId: `select u.external_id as value, ${columns} from users u where u.external_id = any($1::text[])`,
  account: `select u.account_key as value, ${columns} from users u where u.account_key = any($1::text[])`,
  phone: `select u.phone_key as value, ${columns} from users u where u.phone_key = any($1::text[])`,
  identity: `select i.app_id || ' ' || i.openid as value, ${columns}
    from unnest($1::text[]) as v(value)
    join identities i on i.app_id = split_part(v.value, ' ', 1)
      and i.openid = substr(v.value, strpos(v.value, ' ') + 1)
    join users u on u.id = i.user_id`,
}

const nextUsers = `select ${columns} from users u
  where u.id > $1 and u.role = 'user' and u.merged_into is null order by u.id limit $2`

const identitiesOf = `select user_id as "userId", app_id as "appId", openid, unionid from identities
  where user_id = any($1::text[]) order by app_id, openid`

/** Who has each of the values, by `ownerKey`. */
export async function findOwners(
  queries: Queries,
  phones: PhoneSealer,
  values: readonly UniqueValue[],
): Promise<ReadonlyMap<string, PresentUser>> {
  const owners = new Map<string, PresentUser>()
  for (const [field, statement] of Object.entries(ownerStatements) as [UniqueField, string][]) {
    const wanted = values.filter((value) => value.field === field).map(({ value }) => value)
    if (wanted.length === 0) continue
    // A number is stored under one of the keys of the service.
    const valueOfKey = new Map(
      wanted.flatMap((value) =>
        (field === 'phone' ? phones.keys(value) : [value]).map((key) => [key, value] as const),
      ),
    )
    const rows = await queries.all<UserRow & { value: string }>(statement, [[...valueOfKey.keys()]])
    const users = await withIdentities(queries, rows, (row) => openPhone(phones, row))
    for (const [index, { value: key, role }] of rows.entries()) {
      const [user, value] = [users[index], valueOfKey.get(key)]
      if (user === undefined || value === undefined) continue
      const { passwordHash: _, ...present } = user
      owners.set(ownerKey({ field, value }), { ...present, role })
    }
  }
  return owners
}

const unboundIdentities = `select v.value, min(u.user_id collate "C") as "userId" from unnest($1::text[]) as v(value)
  join unbindings u on u.app_id = split_part(v.value, ' ', 1)
    and u.openid = substr(v.value, strpos(v.value, ' ') + 1)
  group by v.value`

/** The first user, by id, from whom each of the identities was unbound, by `ownerKey`. */
export async function findUnbound(
  queries: Queries,
  values: readonly UniqueValue[],
): Promise<ReadonlyMap<string, string>> {
  const identities = values.filter(({ field }) => field === 'identity').map(({ value }) => value)
  if (identities.length === 0) return new Map()
  const rows = await queries.all<{ value: string; userId: string }>(unboundIdentities, [identities])
  return new Map(
    rows.map(({ value, userId }) => [ownerKey({ field: 'identity', value }), userId] as const),
  )
}

export const ownerKey = ({ field, value }: UniqueValue): string => `${field} ${value}`

/** All users in pages, each in two statements, which must see the same state of the database. */
export async function* readUsers(
  queries: Queries,
  phones: PhoneSealer,
  { pageSize, withPhone }: ExportRequest,
): AsyncGenerator<ExportedUser[]> {
  const page = async (after: string): Promise<ExportedUser[]> => {
    const rows = await queries.all<UserRow>(nextUsers, [after, pageSize])
    return withIdentities(queries, rows, (row) => (withPhone ? openPhone(phones, row) : null))
  }
  let users = await page('')
  for (let last = users.at(-1); last !== undefined; last = users.at(-1)) {
    yield users
    users = await page(last.id)
  }
}

const openPhone = (phones: PhoneSealer, { id, sealedPhone }: UserRow): string | null =>
  sealedPhone === null ? null : phones.open(id, sealedPhone)

async function withIdentities(
  queries: Queries,
  rows: readonly UserRow[],
  phoneOf: (row: UserRow) => string | null,
): Promise<ExportedUser[]> {
  const all = await queries.all<IdentityRow>(identitiesOf, [rows.map(({ id }) => id)])
  const byUser = new Map<string, ImportedIdentity[]>(rows.map(({ id }) => [id, []]))
  for (const { userId, ...identity } of all) byUser.get(userId)?.push(identity)
  return rows.map((row) => {
    const { id, externalId, account, passwordHash, nickname, disabledAt, createdAt } = row
    const phone = phoneOf(row)
    const identities = byUser.get(id) ?? []
    const phoneProvenAt = phone === null ? null : row.phoneProvenAt
    const texts = { id, externalId, account, passwordHash, phone, nickname }
    return { ...texts, phoneProvenAt, identities, disabledAt, createdAt }
  })
}
