import { accountKey } from '../account/account-name.ts'

/**
 * A user of another system, as an import brings it. Every field but `identities` may be null; texts are in the form in
 * which they are stored, and times are ms since the epoch.
 */
export interface ImportedUser {
  /** The id that the user is to have; null: a new one. */
  readonly id: string | null
  /** The user's id in the team's own system. */
  readonly externalId: string | null
  readonly account: string | null
  /** Of a scheme that the service can verify; see docs/import.md. */
  readonly passwordHash: string | null
  /** In the form of `phoneNumber`. */
  readonly phone: string | null
  /** When the number was last proven to be the user's; null where that is not known, as for a number proven long ago. */
  readonly phoneProvenAt: number | null
  readonly nickname: string | null
  readonly identities: readonly ImportedIdentity[]
  readonly disabledAt: number | null
  readonly createdAt: number | null
}

/** At most one of a user in each app. */
export interface ImportedIdentity {
  /** Has no space. */
  readonly appId: string
  readonly openid: string
  readonly unionid: string | null
}

/** What at most one user has. */
export type UniqueField = 'id' | 'externalId' | 'account' | 'phone' | 'identity'

/** A field of an imported user that belongs to one user, and the text by which its owner is found. */
export interface UniqueValue {
  readonly field: UniqueField
  readonly value: string
}

/** Everything in an imported user that no other user may have. An identity is written as `appid openid`. */
export function uniqueValuesOf(user: ImportedUser): UniqueValue[] {
  const { id, externalId, account, phone, identities } = user
  const values: readonly (readonly [UniqueField, string | null])[] = [
    ['id', id],
    ['externalId', externalId],
    ['account', account && accountKey(account)],
    ['phone', phone],
    ...identities.map(({ appId, openid }) => ['identity', `${appId} ${openid}`] as const),
  ]
  return values.flatMap(([field, value]) => (value === null ? [] : { field, value }))
}
