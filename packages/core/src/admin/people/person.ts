import type { Role, UserView } from '../../account/user.ts'
import type { Binding } from '../../identity/identity.ts'
import type { NamedAuditLine } from '../audit/audit-reader.ts'
import type { PersonNote } from './person-note-store.ts'

/** A user in a list of the admin console. Times are milliseconds since the epoch. */
export interface Person extends UserView {
  readonly disabledAt: number | null
  /** The id that the user has in the team's own system. */
  readonly externalId: string | null
  readonly lastSeenAt: number | null
  readonly appIds: readonly string[]
}

export interface PersonIdentity extends Binding {
  readonly appId: string
  readonly openid: string
  readonly unionid: string | null
}

export interface PersonSession {
  readonly id: string
  readonly appId: string
  readonly device: string | null
  readonly createdAt: number
  readonly lastSeenAt: number
  readonly expiresAt: number
}

/** A note with the name that its author has now; null where the author was deleted, or has no name. */
export interface NamedNote extends PersonNote {
  readonly adminName: string | null
}

export interface PersonInFull {
  readonly person: Person & { readonly hasPassword: boolean }
  readonly identities: readonly PersonIdentity[]
  readonly sessions: readonly PersonSession[]
  /** Newest first. */
  readonly notes: readonly NamedNote[]
  /** The newest 50 audit rows of changes. */
  readonly history: readonly NamedAuditLine[]
}

/**
 * Newest first unless said otherwise. In the order of the account names are those who have one. There is no order by the
 * last use: an index of it would be written with every call.
 */
export const peopleSorts = ['newest', 'oldest', 'account'] as const
export type PeopleSort = (typeof peopleSorts)[number]

export interface PeopleQuery {
  /**
   * A complete user id, external id, openid or phone number; the beginning of an account name; any part of a nickname; the
   * last four digits of a phone number.
   */
  readonly search?: string | undefined
  readonly status?: 'active' | 'disabled' | undefined
  readonly role?: Role | undefined
  readonly appId?: string | undefined
  /** Not with a search, which has an order of its own. */
  readonly sort?: PeopleSort | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}
