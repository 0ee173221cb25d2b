import type {
  ExportedUser,
  ExportRequest,
  ImportedIdentity,
  ImportedUser,
  PresentUser,
  UniqueField,
  UniqueValue,
} from '@mianmi/core/transfer'
import type { Database } from '../database.ts'

interface UserRow extends Omit<ExportedUser, 'identities' | 'phone'> {
  readonly role: 'user' | 'admin'
  readonly sealedPhone: string | null
}

const columns = `u.id, u.external_id as externalId, u.account, u.password_hash as passwordHash,
  u.sealed_phone as sealedPhone, u.phone_proven_at as phoneProvenAt, u.nickname, u.role,
  u.disabled_at as disabledAt, u.created_at as createdAt`

/** By which users with a unique value are found; `value` is a JSON array for a number, which has a fingerprint under each key. */
const conditions = {
  id: 'u.id = :value',
  externalId: 'u.external_id = :value',
  account: 'u.account_key = :value',
  phone: 'u.phone_key in (select value from json_each(:value))',
} as const satisfies Record<Exclude<UniqueField, 'identity'>, string>

export function prepareUserReads({ sqlite, phones }: Pick<Database, 'sqlite' | 'phones'>) {
  const prepare = (condition: string) =>
    sqlite.prepare<[{ value: string }], UserRow>(
      `select ${columns} from users u where ${condition} limit 1`,
    )
  const owners = {
    id: prepare(conditions.id),
    externalId: prepare(conditions.externalId),
    account: prepare(conditions.account),
    phone: prepare(conditions.phone),
  }
  const ownerOfIdentity = sqlite.prepare<[{ appId: string; openid: string }], UserRow>(
    `select ${columns} from identities i join users u on u.id = i.user_id
     where i.app_id = :appId and i.openid = :openid`,
  )
  const identitiesOf = sqlite.prepare<[string], ImportedIdentity>(
    `select app_id as appId, openid, unionid from identities where user_id = ? order by app_id, openid`,
  )
  const unboundFrom = sqlite
    .prepare<[{ identities: string }], string>(
      `select u.user_id from json_each(:identities) i
       join unbindings u on u.app_id = i.value ->> 'appId' and u.openid = i.value ->> 'openid'
       order by u.user_id limit 1`,
    )
    .pluck()
  const nextUsers = sqlite.prepare<[{ after: string; count: number }], UserRow>(
    `select ${columns} from users u
     where u.id > :after and u.role = 'user' and u.merged_into is null order by u.id limit :count`,
  )
  const openPhone = ({ id, sealedPhone }: UserRow): string | null =>
    sealedPhone === null ? null : phones.open(id, sealedPhone)

  /** The number is null where `phone` is. */
  const toExportedUser = (row: UserRow, phone: string | null): ExportedUser => {
    const { role: _, sealedPhone: __, ...user } = row
    const phoneProvenAt = phone === null ? null : row.phoneProvenAt
    return { ...user, phone, phoneProvenAt, identities: identitiesOf.all(row.id) }
  }

  const find = ({ field, value }: UniqueValue): UserRow | undefined => {
    if (field === 'phone') return owners.phone.get({ value: JSON.stringify(phones.keys(value)) })
    if (field !== 'identity') return owners[field].get({ value })
    const [appId = '', openid = ''] = splitOnce(value)
    return ownerOfIdentity.get({ appId, openid })
  }

  return {
    ownerOf(value: UniqueValue): PresentUser | null {
      const row = find(value)
      if (row === undefined) return null
      const { passwordHash: _, ...user } = toExportedUser(row, openPhone(row))
      return { ...user, role: row.role }
    },
    /** The first user, by id, from whom one of the identities was unbound. */
    unboundFrom: ({ identities }: ImportedUser): string | null =>
      identities.length === 0
        ? null
        : (unboundFrom.get({ identities: JSON.stringify(identities) }) ?? null),
    /** The next users after an id. */
    page(after: string, { pageSize, withPhone }: ExportRequest): ExportedUser[] {
      const rows = nextUsers.all({ after, count: pageSize })
      return rows.map((row) => toExportedUser(row, withPhone ? openPhone(row) : null))
    },
  }
}

/** An appid has no space. */
function splitOnce(text: string): [string, string] {
  const at = text.indexOf(' ')
  return [text.slice(0, at), text.slice(at + 1)]
}
