import type { Role, UserView } from '../../account/user.ts'
import type { AuditLine } from '../audit/audit-reader.ts'

/** A person as an administrator sees them in a list. Times in ms. */
export interface Person extends UserView {
  readonly disabledAt: number | null
  readonly lastSeenAt: number | null
  readonly appIds: readonly string[]
}

export interface PersonIdentity {
  readonly appId: string
  readonly openid: string
  readonly unionid: string | null
  readonly boundAt: number
}

export interface PersonSession {
  readonly id: string
  readonly appId: string
  readonly device: string | null
  readonly createdAt: number
  readonly lastSeenAt: number
  readonly expiresAt: number
}

export interface PersonInFull {
  readonly person: Person & { readonly hasPassword: boolean }
  readonly identities: readonly PersonIdentity[]
  readonly sessions: readonly PersonSession[]
  /** The newest 50 lines. */
  readonly history: readonly AuditLine[]
}

export interface PeopleQuery {
  /** A user id, an openid or a phone number as a whole, or how an account or a nickname begins. */
  readonly search?: string | undefined
  readonly status?: 'active' | 'disabled' | undefined
  readonly role?: Role | undefined
  readonly appId?: string | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}
