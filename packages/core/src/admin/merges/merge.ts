import type { Person, PersonIdentity } from '../people/person.ts'

/** Two users whom a unionid proves to be the same person. */
export interface Conflict {
  readonly unionid: string
  readonly detectedAt: number
  readonly first: Person
  readonly second: Person
}

export interface ConflictRef {
  readonly unionid: string
  readonly firstUserId: string
  readonly secondUserId: string
}

/** Which of the two users is kept; the other one is merged into it. */
export interface MergeOrder extends ConflictRef {
  readonly keepUserId: string
}

export interface MergePreview {
  readonly kept: Person
  readonly gone: Person
  /** What the kept user receives because it has none itself. */
  readonly moves: {
    readonly identities: readonly PersonIdentity[]
    readonly account: string | null
    readonly password: boolean
    readonly phone: string | null
    readonly nickname: string | null
    readonly avatarUrl: string | null
    readonly externalId: string | null
  }
  /** What both users have; the kept user's own value stays. */
  readonly stays: {
    readonly identities: readonly PersonIdentity[]
    readonly account: string | null
    readonly phone: string | null
    readonly nickname: string | null
    readonly externalId: string | null
  }
  /** How many sessions of the merged user end. Each mini program signs in again by itself. */
  readonly endedSessions: number
}

export interface Merge {
  readonly id: string
  readonly mergedAt: number
  readonly undoUntil: number
  readonly undoneAt: number | null
  readonly kept: { readonly id: string; readonly name: string | null }
  readonly gone: { readonly id: string; readonly name: string | null }
  readonly adminId: string
}

/** A merge with the name that its administrator has now; null where the administrator was deleted, or has no name. */
export interface NamedMerge extends Merge {
  readonly adminName: string | null
}
