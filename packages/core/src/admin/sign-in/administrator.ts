import type { Origin } from '../../audit/audit-log.ts'
import type { NoteSubject } from '../../audit/audited.ts'

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
  /** The hash of the session that the call belongs to. */
  readonly sessionHash: string
}

/** The administrator who acts, and where the request came from. */
export interface AdminActor {
  readonly administrator: Administrator
  readonly origin: Origin
  /** Takes the user whom the call concerns, where its input does not name them. */
  readonly note?: NoteSubject
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
   * Proves the password. `browserToken` is that of the browser's cookie: wrong passwords in a browser in which the
   * administrator has signed in before are counted apart from all others.
   *
   * @throws Failure `credential_rejected` (also for a user who is no administrator), `rate_limited`,
   * `user_disabled`
   */
  signIn(input: {
    account: string
    password: string
    browserToken: string | null
    origin: Origin
  }): Promise<FirstFactor>
  /**
   * Returns a new secret for an authenticator app (RFC 6238), where the password is proved, no second factor exists, and
   * the enrolment code is right. The secret becomes the second factor once a code proves that the app has it; until then
   * the call may be repeated with the same enrolment code.
   *
   * @throws Failure `unauthenticated`, `forbidden` where there is a second factor already, `credential_rejected` for a
   * wrong or expired enrolment code, `rate_limited`
   */
  enrol(input: {
    token: string | null
    enrolmentCode: string
    origin: Origin
  }): Promise<{ secret: string; uri: string }>
  /**
   * Proves the second factor by a code of the app, which is accepted once, or by a recovery code. A new token
   * replaces the first factor's (prevents session fixation). `browserToken` makes the browser a known one, and replaces
   * the token of its cookie. After `enrol` the reply carries the recovery codes, which are shown this once.
   *
   * @throws Failure `unauthenticated`, `credential_rejected`, `rate_limited`, which also ends the first
   * factor's session
   */
  proveCode(input: {
    token: string | null
    code: string
    browserToken: string | null
    origin: Origin
  }): Promise<{ token: string; browserToken: string; recoveryCodes: readonly string[] }>
  /**
   * The administrator of a cookie. Extends the idle time-out.
   *
   * @throws Failure `unauthenticated`; `forbidden` where the role was removed in the meantime, `user_disabled`
   */
  authenticate(token: string | null): Promise<Administrator>
  signOut(token: string | null, origin: Origin): Promise<void>
  /** Replaces the recovery codes by ten new ones. @throws Failure `credential_rejected`, `rate_limited` */
  renewRecoveryCodes(actor: AdminActor, code: string): Promise<readonly string[]>
  /**
   * Changes the password. Every other console session of the administrator ends, and this browser alone stays known,
   * under the returned token.
   *
   * @throws Failure `credential_rejected` for a wrong password or code, `rate_limited`, `invalid_input` for a common
   * password
   */
  changePassword(
    actor: AdminActor,
    change: {
      currentPassword: string
      newPassword: string
      code: string
      browserToken: string | null
    },
  ): Promise<{ browserToken: string }>
}
