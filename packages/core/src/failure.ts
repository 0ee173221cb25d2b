/** Every way a call can be refused; closed, so that a table over it must be complete. */
export const reasons = [
  'invalid_input',
  'code_rejected',
  'code_used',
  'user_blocked',
  'app_unknown',
  'wechat_rate_limited',
  'wechat_unavailable',
  'wechat_misconfigured',
  'ticket_rejected',
  'credential_rejected',
  'phone_rejected',
  'identity_taken',
  'account_taken',
  'last_credential',
  'user_disabled',
  'unauthenticated',
  'forbidden',
  'not_found',
  'data_rejected',
  'rate_limited',
  'overloaded',
  'internal',
] as const

export type Reason = (typeof reasons)[number]

export interface FailureOptions {
  /** For the operator's log only; never holds a code, key, token or password. */
  readonly detail?: string
  /** Seconds after which trying again makes sense. */
  readonly retryAfter?: number | undefined
  readonly cause?: unknown
}

/** The one error that use cases and ports throw on purpose; `reason` is what callers branch on. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly reason: Reason
  readonly retryAfter: number | undefined

  constructor(reason: Reason, options: FailureOptions = {}) {
    super(options.detail ? `${reason}: ${options.detail}` : reason, { cause: options.cause })
    this.reason = reason
    this.retryAfter = options.retryAfter
  }
}
