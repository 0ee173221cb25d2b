import type { ConflictRef, PersonIdentity } from '@mianmi/core/admin'

/** The columns that a merge may move from one user's row to the other. */
export interface MovableData {
  readonly account: string | null
  readonly accountKey: string | null
  readonly passwordHash: string | null
  readonly phone: string | null
  readonly phoneKey: string | null
  readonly sealedPhone: string | null
  readonly phoneProvenAt: number | null
  readonly nickname: string | null
  readonly avatarUrl: string | null
  readonly externalId: string | null
}

/** A conflict of the table of conflicts. */
export interface ConflictRow extends ConflictRef {
  readonly detectedAt: number
}

/** An unbinding that a merge moved to the kept user. */
export interface MovedUnbinding {
  readonly appId: string
  readonly openid: string
  readonly unboundAt: number
}

/**
 * What an undo needs: the moved values as they were. Phone numbers are sealed, and a password is kept only as a
 * fingerprint of its hash.
 */
export interface MovedData extends Omit<MovableData, 'passwordHash'> {
  readonly identities: readonly Pick<PersonIdentity, 'appId' | 'openid' | 'boundAt' | 'boundBy'>[]
  readonly unbindings: readonly MovedUnbinding[]
  readonly passwordFingerprint: string | null
  readonly disabledAt: number | null
  /** Whether the kept user could sign in before the merge. */
  readonly keptCouldSignIn: boolean
  readonly dropped: readonly ConflictRow[]
  readonly made: readonly ConflictRow[]
}

/** Merges of the last 24 hours can be undone, so the stored names stay: the fingerprint is `passwordPrint`. */
export function writeMoved({ passwordFingerprint: passwordPrint, ...moved }: MovedData): string {
  return JSON.stringify({ ...moved, passwordPrint })
}

export function readMoved(text: string): MovedData {
  const { passwordPrint: passwordFingerprint, ...moved } = JSON.parse(text)
  // A merge of an earlier version has neither an external id, nor unbindings, nor how its identities were bound, nor
  // whether its kept user could sign in before.
  const identities = moved.identities.map((identity: object) => ({
    boundBy: 'unknown',
    ...identity,
  }))
  return {
    externalId: null,
    unbindings: [],
    keptCouldSignIn: true,
    ...moved,
    identities,
    passwordFingerprint,
  }
}
