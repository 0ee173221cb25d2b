import type { Origin } from '../../audit/audit-log.ts'

/** A user with the role `admin` who has proved both factors. Times are milliseconds since the epoch. */
export interface Administrator {
  readonly id: string
  readonly account: string
  readonly nickname: string | null
  readonly signedInAt: number
  /** When the session expires in any case. */
  readonly expiresAt: number
  /** The idle time-out of the session, in ms. */
  readonly idleTtl: number
  readonly recoveryCodesLeft: number
}

/** The administrator who acts, and where the request came from. */
export interface AdminActor {
  readonly administrator: Administrator
  readonly origin: Origin
}

/** What comes after the password. */
export interface FirstFactor {
  /** For the cookie. It proves the first factor only, for 5 minutes. */
  readonly token: string
  /** `enrol` where the administrator has no second factor yet. */
  readonly next: 'enrol' | 'code'
}

/** The administrators' own sign-in. Each verb refuses by throwing a Failure. */
export interface AdminSignIn {
  /**
   * Proves the password.
   *
   * @throws Failure `credential_rejected` (also for a user who is no administrator), `rate_limited`,
   * `user_disabled`
   */
  signIn(input: { account: string; password: string; origin: Origin }): Promise<FirstFactor>
  /**
   * Returns a new secret for an authenticator app (RFC 6238), where the password is proved and no second factor
   * exists. The secret becomes the second factor once a code proves that the app has it.
   *
   * @throws Failure `unauthenticated`, `forbidden` where there is a second factor already
   */
  enrol(input: { token: string | null; origin: Origin }): Promise<{ secret: string; uri: string }>
  /**
   * Proves the second factor by a code of the app, which is accepted once, or by a recovery code. A new token
   * replaces the first factor's (prevents session fixation). After `enrol` the reply carries the recovery
   * codes, which are shown this once.
   *
   * @throws Failure `unauthenticated`, `credential_rejected`, `rate_limited`, which also ends the first
   * factor's session
   */
  proveCode(input: {
    token: string | null
    code: string
    origin: Origin
  }): Promise<{ token: string; recoveryCodes: readonly string[] }>
  /**
   * The administrator of a cookie. Extends the idle time-out.
   *
   * @throws Failure `unauthenticated`; `forbidden` where the role was removed in the meantime, `user_disabled`
   */
  authenticate(token: string | null): Promise<Administrator>
  signOut(token: string | null, origin: Origin): Promise<void>
  /** Replaces the recovery codes by ten new ones. @throws Failure `credential_rejected`, `rate_limited` */
  renewRecoveryCodes(actor: AdminActor, code: string): Promise<readonly string[]>
}
