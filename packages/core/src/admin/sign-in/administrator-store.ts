import type { UserRecord } from '../../account/user.ts'

/** An administrator's session in the console. Times in ms. */
export interface AdminSession {
  /** Of the token in the cookie. */
  readonly hash: string
  readonly userId: string
  /** `first` once the password is proved, `full` once the second factor is too. */
  readonly factor: 'first' | 'full'
  readonly createdAt: number
  readonly lastSeenAt: number
  /** When it ends however busy it is. */
  readonly expiresAt: number
  /** What the password was proved against: with another password the session is void. */
  readonly passwordFingerprint: string
  /** Sealed, of an authenticator app that has not proved itself yet. */
  readonly pendingSecret: string | null
}

export interface SecondFactor {
  readonly sealedSecret: string
  readonly recoveryCodesLeft: number
}

/** Someone at the console, as the store knows them. */
export interface KnownAdministrator {
  readonly session: AdminSession
  readonly user: UserRecord
  /** Null where none is enrolled. */
  readonly secondFactor: SecondFactor | null
}

export interface AdministratorStore {
  /** Opens a session of the first factor; rows past their time go with it. */
  open(session: AdminSession): Promise<void>
  /** The session with its user, or null. A plain read: the caller decides what it is worth. */
  find(hash: string): Promise<KnownAdministrator | null>
  /** The user's second factor, or null. */
  secondFactorOf(userId: string): Promise<SecondFactor | null>
  /** Moves the idle time-out on, where the session is still there. */
  touch(hash: string, now: number): Promise<void>
  /** Ends the session. */
  end(hash: string): Promise<void>
  /** Keeps the secret of an app that has yet to prove itself, in place of the one before. */
  draftSecret(hash: string, sealedSecret: string): Promise<void>
  /**
   * Makes the drafted secret the second factor, with its recovery codes, and trades the session for a new
   * one. Of callers that race one enrols and the others are told false, as is who has a factor already.
   */
  enrol(change: {
    from: string
    to: AdminSession
    sealedSecret: string
    step: number
    recoveryHashes: readonly string[]
  }): Promise<boolean>
  /**
   * Spends one time step of the app, or one recovery code, and trades the session of the first factor for a
   * new one. Of callers that race with one code, or in one session, one gets through and the others are told false.
   */
  complete(change: { from: string; to: AdminSession; proof: FactorProof }): Promise<boolean>
  /** Spends the proof and replaces all recovery codes. Of callers that race with one code one gets through. */
  renewRecoveryCodes(change: {
    userId: string
    proof: FactorProof
    recoveryHashes: readonly string[]
  }): Promise<boolean>
}

/** A step counts where it is later than the last one used (RFC 6238 §5.2); a recovery code counts once. */
export type FactorProof = { readonly step: number } | { readonly recoveryHash: string }
