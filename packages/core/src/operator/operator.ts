import type { Origin } from '../guard/audit-log.ts'

/** A user with the role `admin` who is signed in to the console, both factors proved. Times in ms. */
export interface Operator {
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

/** An operator who does something, and from where. */
export interface ByOperator {
  readonly operator: Operator
  readonly origin: Origin
}

/** What an operator who knew the password has to do next. */
export interface FirstFactor {
  /** For the cookie; proves the first factor only, for five minutes. */
  readonly token: string
  /** `enrol` where the operator has no second factor yet. */
  readonly next: 'enrol' | 'code'
}

/** The console's own sign-in. Each refuses by throwing a Failure. */
export interface OperatorSignIn {
  /** @throws Failure `credential_rejected` (also for who is no operator), `rate_limited`, `user_disabled` */
  signIn(input: { account: string; password: string; origin: Origin }): Promise<FirstFactor>
  /**
   * A new secret for an authenticator app (RFC 6238), for who has proved the password and has none yet.
   * Kept only once a code proves that the app has it.
   *
   * @throws Failure `unauthenticated`, `forbidden` where there is a second factor already
   */
  enrol(by: { token: string | null; origin: Origin }): Promise<{ secret: string; uri: string }>
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
  authenticate(token: string | null): Promise<Operator>
  signOut(token: string | null, origin: Origin): Promise<void>
  /** Ten new recovery codes; the old ones are void. @throws Failure `credential_rejected`, `rate_limited` */
  renewRecoveryCodes(by: ByOperator, code: string): Promise<readonly string[]>
}
