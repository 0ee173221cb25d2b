import type { UserRecord } from '../../account/user.ts'

/** An administrator's session. Times are milliseconds since the epoch. */
export interface AdminSession {
  /** The hash of the token in the cookie. */
  readonly hash: string
  readonly userId: string
  /** `first` once the password is proved, `full` once the second factor is proved too. */
  readonly factor: 'first' | 'full'
  readonly createdAt: number
  readonly lastSeenAt: number
  /** When it expires, however active it is. */
  readonly expiresAt: number
  /** Fingerprint of the password that was proved. The session ends when the password changes. */
  readonly passwordFingerprint: string
  /** The sealed secret of an authenticator app that has not been proved yet. */
  readonly pendingSecret: string | null
}

export interface SecondFactor {
  readonly sealedSecret: string
  readonly recoveryCodesLeft: number
}

/** A session with its user and second factor. */
export interface KnownAdministrator {
  readonly session: AdminSession
  readonly user: UserRecord
  /** Null where none is enrolled. */
  readonly secondFactor: SecondFactor | null
}

/** A browser in which both factors were proved. Times are milliseconds since the epoch. */
export interface NewBrowser {
  /** The hash of the token in its cookie. */
  readonly hash: string
  /** The hash of the token that it had before. */
  readonly replaces: string | null
  readonly createdAt: number
  readonly expiresAt: number
}

export interface AdministratorStore {
  /** Stores a session of the first factor, and deletes expired ones. */
  open(session: AdminSession): Promise<void>
  /** The session with its user, or null. A plain read; it proves nothing. */
  find(hash: string): Promise<KnownAdministrator | null>
  /** The user's second factor, or null. */
  secondFactorOf(userId: string): Promise<SecondFactor | null>
  /** Sets `lastSeenAt`, where the session still exists. */
  touch(hash: string, now: number): Promise<void>
  /** Ends the session. */
  end(hash: string): Promise<void>
  /** Whether the user has signed in with both factors in this browser. A plain read; it proves nothing. */
  knowsBrowser(browser: { hash: string; userId: string; now: number }): Promise<boolean>
  /**
   * Stores the secret of an app that is not proved yet, in place of an earlier one, where the session's user has this
   * enrolment code and it has not expired. The code stays valid until `enrol`. False where the code is another one.
   */
  draftSecret(draft: {
    hash: string
    sealedSecret: string
    enrolmentHash: string
    now: number
  }): Promise<boolean>
  /**
   * Makes the stored secret the second factor, stores its recovery codes, replaces the session by a new one, and
   * consumes the user's enrolment code. Of concurrent callers one enrols and the others get false, as does a user who
   * already has a second factor, or whose code has expired. The browser is known from then on.
   */
  enrol(change: {
    from: string
    to: AdminSession
    sealedSecret: string
    step: number
    recoveryHashes: readonly string[]
    browser: NewBrowser
    now: number
  }): Promise<boolean>
  /**
   * Consumes one time step of the app or one recovery code, and replaces the session of the first factor by a
   * new one. Of concurrent callers with the same code or the same session one gets true. The browser is known from then
   * on; of the browsers of one user, the 10 newest are.
   */
  complete(change: {
    from: string
    to: AdminSession
    proof: FactorProof
    browser: NewBrowser
  }): Promise<boolean>
  /**
   * Compare-and-set: consumes the proof and stores the password `to` where the hash is still `from`. Every other console
   * session of the user ends, and this one goes on under the new fingerprint; this browser alone stays known. `proof_rejected`
   * where the proof was used before. Of concurrent changes from the same hash one is `changed` and the others are
   * `outdated`, and consume no proof.
   */
  changePassword(change: {
    userId: string
    from: string
    to: string
    proof: FactorProof
    session: Pick<AdminSession, 'hash' | 'passwordFingerprint'>
    browser: NewBrowser
  }): Promise<'changed' | 'outdated' | 'proof_rejected'>
  /**
   * Consumes the proof and replaces all recovery codes. Of concurrent callers with the same code one gets true. False
   * where the session has ended meanwhile.
   */
  renewRecoveryCodes(change: {
    userId: string
    sessionHash: string
    proof: FactorProof
    recoveryHashes: readonly string[]
  }): Promise<boolean>
}

/**
 * A step is accepted where it is later than the last used one (RFC 6238 §5.2); a recovery code is accepted
 * once. A last step that is more than `maxStepLead` later than the proved one was used while the clock was ahead, and
 * does not count: otherwise it would shut the administrator out until then.
 */
export type FactorProof = { readonly step: number } | RecoveryProof

export interface RecoveryProof {
  readonly recoveryHash: string
  /** The hashes of the same code under former keys; a code that is stored under one of them counts as well. */
  readonly formerHashes?: readonly string[]
}

/** A code is of the step before now at the earliest and of the one after now at the latest. */
export const maxStepLead = 2
