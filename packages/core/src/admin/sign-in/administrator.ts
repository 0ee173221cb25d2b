import type { Origin } from '../../audit/audit-log.ts'

/** A user with the role `admin` who is signed in to the console, both factors proved. Times in ms. */
export interface Administrator {
  readonly id: string
  readonly account: string
  readonly nickname: string | null
  readonly signedInAt: number
  /** When the session ends for good. */
  readonly expiresAt: number
  /** How long the session may lie idle, in ms. */
  readonly idleTtl: number
  readonly recoveryCodesLeft: number
}

/** An administrator who does something, and from where. */
export interface AdminActor {
  readonly administrator: Administrator
  readonly origin: Origin
}

/** What an administrator who knew the password has to do next. */
export interface FirstFactor {
  /** For the cookie; proves the first factor only, for five minutes. */
  readonly token: string
  /** `enrol` where the administrator has no second factor yet. */
  readonly next: 'enrol' | 'code'
}

/** The console's own sign-in. Each refuses by throwing a Failure. */
export interface AdminSignIn {
  /** @throws Failure `credential_rejected` (also for who is no administrator), `rate_limited`, `user_disabled` */
  signIn(input: { account: string; password: string; origin: Origin }): Promise<FirstFactor>
  /**
   * A new secret for an authenticator app (RFC 6238), for who has proved the password and has none yet.
   * Kept only once a code proves that the app has it.
   *
   * @throws Failure `unauthenticated`, `forbidden` where there is a second factor already
   */
  enrol(input: { token: string | null; origin: Origin }): Promise<{ secret: string; uri: string }>
  /**
   * Proves the second factor by a code of the app, each of which counts once, or by a recovery code. The
   * answer's token replaces the first factor's, so that nobody who knew that one comes in with it. After `enrol` it brings the recovery codes, shown this once.
   *
   * @throws Failure `unauthenticated`, `credential_rejected`, `rate_limited`, which ends the first factor's
   * session too
   */
  proveCode(input: {
    token: string | null
    code: string
    origin: Origin
  }): Promise<{ token: string; recoveryCodes: readonly string[] }>
  /**
   * Who a cookie stands for; moves the idle time-out on.
   *
   * @throws Failure `unauthenticated`; `forbidden` where the role was taken away meanwhile, `user_disabled`
   */
  authenticate(token: string | null): Promise<Administrator>
  signOut(token: string | null, origin: Origin): Promise<void>
  /** Ten new recovery codes; the old ones are void. @throws Failure `credential_rejected`, `rate_limited` */
  renewRecoveryCodes(actor: AdminActor, code: string): Promise<readonly string[]>
}
