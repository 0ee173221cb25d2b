/**
 * Every reason for which a call can be refused. The set is closed, so that a table over it can be checked for
 * completeness. The comment of each reason is the source of docs/errors.md: what it means, when it happens (`@when`),
 * and what a client does about it (`@client`).
 */
export const reasons = [
  /**
   * The request does not match the schema of its procedure or route.
   * @when A field is missing, unknown, too long or of another type; a password is common or made of the account
   * name; a cursor comes from another query; the body is no JSON, or larger than 64 KiB.
   * @client Correct the input. The same request is refused again.
   */
  'invalid_input',
  /**
   * The path exists, but not with this HTTP method. The header `allow` lists its methods.
   * @when A mutation is called with GET, a query with POST, a plain-HTTP route with another method than its own.
   * @client Correct the program. The same request is refused again.
   */
  'method_not_allowed',
  /**
   * The body has a content type that is not accepted.
   * @when The body is sent as a form or as text, or without a content type. Only `application/json` is accepted.
   * @client Correct the program. The same request is refused again.
   */
  'unsupported_media_type',
  /**
   * WeChat does not accept the login code (errcode 40029).
   * @when The code is expired, is made up, or belongs to another app; for a signed-in user that is any but the app of the
   * session.
   * @client Call `wx.login` again and repeat once with the new code.
   */
  'code_rejected',
  /**
   * The login code was used before (errcode 40163), or this service has already sent it to WeChat.
   * @when A request was repeated with the same code, or two requests used one code.
   * @client Call `wx.login` again and repeat once with the new code.
   */
  'code_used',
  /**
   * WeChat blocks this user because of a risk (errcode 40226).
   * @when WeChat decides this at each login.
   * @client Show it. Do not repeat.
   */
  'user_blocked',
  /**
   * The appid is not configured in this service. WeChat is not asked.
   * @when `WECHAT_APPS` lacks the appid that the client sends.
   * @client Report it to the administrator: the service or the client is configured for another app.
   */
  'app_unknown',
  /**
   * WeChat limits this user or this app (errcode 45011).
   * @when Too many logins in a minute.
   * @client Repeat after `retryAfter` seconds, with a new code.
   */
  'wechat_rate_limited',
  /**
   * WeChat does not answer as documented.
   * @when WeChat is busy (errcode -1), unreachable or too slow, its daily quota is used up, or its reply makes
   * no sense.
   * @client Show that WeChat is not available, and let the user repeat later with a new code.
   */
  'wechat_unavailable',
  /**
   * WeChat refuses the appid, the secret or the address of this service.
   * @when The app secret was reset, or the address of the service is not on the allow-list of the app.
   * @client Report it to the administrator with the trace id. Repeating does not help.
   */
  'wechat_misconfigured',
  /**
   * The bind ticket is not accepted. The reply never says why.
   * @when The ticket is unknown, altered, expired, of another app, already used, or spent by 5 wrong
   * passwords and tried account names. The same call may be repeated for 60 s after it succeeded, while its binding
   * stands.
   * @client Call `miniLogin` again for a new ticket.
   */
  'ticket_rejected',
  /**
   * The account, the password or the second factor is wrong. The reply never says which.
   * @when A sign-in with a password, also one that was changed while it was checked, a change of the password, or a code of the authenticator app, a recovery
   * code or an enrolment code at the admin console; an administrator's name and password in a mini program.
   * @client Let the user enter it again.
   */
  'credential_rejected',
  /**
   * The phone number cannot be used here.
   * @when WeChat refuses the getPhoneNumber code, or the number belongs to another user: one with another unionid, a
   * password or another WeChat in the app, or one who proved the number more than `PHONE_TRUST_DAYS` ago and has no
   * other way to sign in.
   * @client Offer to bind with the number or the account name and the password, or ask for the phone number again.
   */
  'phone_rejected',
  /**
   * This WeChat identity is bound to another user.
   * @when `bind` or `register` for an identity that was bound in the meantime. An identity that became a user by itself
   * (`SIGN_UP=auto`) is bound by `bind` all the same, while that user has nothing else.
   * @client Call `miniLogin` again: it signs in to the user that the identity is bound to.
   */
  'identity_taken',
  /**
   * The account name or the phone number is in use, or the account has another WeChat identity in this app.
   * @when `register` or a first password with a taken name, `bind` to such an account, `account.bindPhone` with a taken
   * number; in `/v1` an external id that another user has; a service key with a name in use.
   * @client Let the user choose another name, number or account.
   */
  'account_taken',
  /**
   * The change would leave no way to sign in.
   * @when `identity.unbind` of the last identity in a configured app, where the user has no password with an account name
   * or a number, because a number alone vouches for a limited time; or the undo of a merge that would do the same to the
   * kept user; or a change by which no administrator could sign in any more.
   * @client Ask the user to set another way to sign in first.
   */
  'last_credential',
  /**
   * An administrator disabled the user.
   * @when Every call of the user, and every sign-in, until the user is enabled again.
   * @client Show it. Do not repeat.
   */
  'user_disabled',
  /**
   * The change needs a fresh login code of the WeChat identity that the session belongs to.
   * @when `account.delete`, or a first password by `account.changePassword`, without `code` or with the code of
   * another WeChat identity.
   * @client Call `wx.login` and repeat once with its code.
   */
  'proof_required',
  /**
   * The access token, refresh token, console session or service key is not accepted. The reply never says why.
   * @when The token or the key is missing, expired, altered or revoked, or its session has ended.
   * @client Refresh once if an access token was refused. Otherwise sign in again.
   */
  'unauthenticated',
  /**
   * The caller is known but may not do this.
   * @when A user calls the admin API, a page of another origin sends a cookie, an administrator tries to
   * disable themselves, a WeChat identity belongs to an administrator, a service key lacks the scope.
   * @client Show it. Do not repeat.
   */
  'forbidden',
  /**
   * There is no such thing, or it does not belong to the caller.
   * @when An unknown id, or an unknown path.
   * @client Reload the list that the id came from.
   */
  'not_found',
  /**
   * Signed or encrypted data of WeChat does not verify.
   * @when The session_key changed after the data was encrypted, the data is older than its watermark allows, or
   * it belongs to another app or user.
   * @client Call `wx.login` and `miniLogin`, then ask WeChat for the data again.
   */
  'data_rejected',
  /**
   * A limit of this service is reached.
   * @when Too many wrong passwords for one account or from one network, too many calls of `miniLogin` for one
   * openid, too many codes of one network that WeChat refused, too many refused phone codes of one ticket or user, too many
   * account names that one person tried to register, too many new avatars, too many calls with one service key.
   * @client Repeat after `retryAfter` seconds.
   */
  'rate_limited',
  /**
   * The service sheds load, or its database cannot write.
   * @when The event loop is late, the caller or all callers have too many waiting calls, a password waited for 10 s to be
   * hashed, the disk is full, or the database is locked.
   * @client Repeat after `retryAfter` seconds, with growing pauses.
   */
  'overloaded',
  /**
   * Anything unexpected. The reply says nothing about it; the log has the detail under the trace id.
   * @when A bug or a fault of the environment.
   * @client Show the trace id, so that the administrator can find the log line.
   */
  'internal',
] as const

export type Reason = (typeof reasons)[number]

export interface FailureOptions {
  /** More about the cause, for the log only. It never holds a code, key, token or password. */
  readonly detail?: string
  /** Seconds after which another try makes sense. */
  readonly retryAfter?: number | undefined
  /** The error that led to this one, for the log only. */
  readonly cause?: unknown
}

/**
 * The only error that use cases and ports throw on purpose. Callers branch on `reason`.
 *
 * @example
 * throw new Failure('rate_limited', { retryAfter: 60 })
 */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly reason: Reason
  /** Seconds after which another try makes sense. */
  readonly retryAfter: number | undefined

  constructor(reason: Reason, options: FailureOptions = {}) {
    super(options.detail ? `${reason}: ${options.detail}` : reason, { cause: options.cause })
    this.reason = reason
    this.retryAfter = options.retryAfter
  }
}
