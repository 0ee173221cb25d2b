/**
 * What a service key allows, a closed set. A scope that this version does not know allows nothing.
 *
 * - `introspect`: ask whether an access token is valid now.
 * - `users:read`: find a user, and read the account name, nickname, picture and external id.
 * - `identities:read`, `phones:read`: read the openids and the phone number too, where `users:read` is there.
 * - `users:write`: set the external id, disable and enable.
 * - `sessions:end`: end all sessions of a user.
 */
export const serviceScopes = [
  'introspect',
  'users:read',
  'identities:read',
  'phones:read',
  'users:write',
  'sessions:end',
] as const

export type ServiceScope = (typeof serviceScopes)[number]

/** Most characters of the name of a service key. */
export const maxServiceKeyName = 64

/** Letters, digits and `. _ -`, so that a name can stand in a log line and on a command line as it is. */
export function isServiceKeyName(name: string): boolean {
  return name.length <= maxServiceKeyName && /^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u.test(name)
}

/** The caller of `/v1`: a key that was verified. */
export interface VerifiedServiceKey {
  /** With the prefix `key-`, which no user id has: the audit log has it in the place of an administrator's id. */
  readonly id: string
  readonly name: string
  readonly scopes: readonly ServiceScope[]
}

/** A key as administrators see it. Times are milliseconds since the epoch. */
export interface ServiceKey extends VerifiedServiceKey {
  readonly createdAt: number
  /** The administrator who created it; null for a command, and where the administrator was deleted. */
  readonly createdBy: string | null
  readonly revokedAt: number | null
  /** Newest first. More than one while a rotation is under way. */
  readonly secrets: readonly ServiceKeySecret[]
}

/** A key with the name that its creator has now; null where there is none. */
export interface NamedServiceKey extends ServiceKey {
  readonly creatorName: string | null
}

export interface ServiceKeySecret {
  readonly createdAt: number
  /** Until when it is accepted after a rotation; null for the newest one. */
  readonly expiresAt: number | null
  /** To the minute; null where it was never used. */
  readonly lastUsedAt: number | null
}

/** Whether a stored text is a scope of this version. */
export const isServiceScope = (text: string): text is ServiceScope =>
  (serviceScopes as readonly string[]).includes(text)
