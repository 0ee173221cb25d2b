import type { IdentityRef } from '../identity/identity.ts'

/** A user as another service of the team sees it. Times are milliseconds since the epoch. */
export interface ServiceUser {
  readonly id: string
  /** The id that the user has in the team's own system. */
  readonly externalId: string | null
  readonly account: string | null
  readonly nickname: string | null
  readonly avatarUrl: string | null
  readonly disabledAt: number | null
  readonly createdAt: number
  /** Absent where it was not asked for, as is the number. */
  readonly identities?: readonly ServiceIdentity[]
  /** In full. */
  readonly phone?: string | null
}

export interface ServiceIdentity extends IdentityRef {
  readonly unionid: string | null
}

/** One of the three by which another service finds a user. */
export type ServiceUserRef =
  | { readonly userId: string }
  | { readonly externalId: string }
  | { readonly identity: IdentityRef }

/** What another service changes of a user. Absent: it stays as it is. */
export interface ServiceUserChange {
  readonly externalId?: string | null | undefined
  readonly disabled?: boolean | undefined
}
