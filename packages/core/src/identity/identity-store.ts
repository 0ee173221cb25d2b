import type { User } from '../account/user.ts'
import type { LimitedUse } from '../rate-limit/limit-store.ts'
import type { NewSession } from '../session/session.ts'
import type { BoundIdentity, ClaimedIdentity, Identity } from './identity.ts'

/** A binding that went through: the session is open when this is answered. */
export interface OpenedSignIn {
  readonly status: 'bound'
  readonly user: User
  readonly newUser: boolean
}

/** Why a binding was refused; nothing was changed then, the ticket included. */
export interface RefusedBinding {
  readonly status:
    | 'ticket_rejected'
    | 'identity_taken'
    | 'account_taken'
    | 'phone_rejected'
    | 'user_disabled'
}

export interface NewUser {
  readonly id: string
  readonly account: string | null
  readonly accountKey: string | null
  readonly passwordHash: string | null
  readonly createdAt: number
}

/**
 * Each verb is one transaction: it happens whole or not at all, and opens the session it answers for.
 * Each also keeps the identity's newest session key with the one before it, and a unionid that WeChat shows
 * for the first time. Where a unionid proves that two users are one person, that is written down for
 * an administrator and neither is changed.
 */
export interface IdentityStore {
  /**
   * Opens a session for the user this identity is bound to, or whose identity in another app has
   * the same unionid, which binds this one too; `unbound` when there is none. A binding made meanwhile is
   * either seen or not, never half. `use` is counted first, in the same step, and refused past its limit.
   */
  signIn(request: {
    identity: Identity
    session: NewSession
    use: LimitedUse
  }): Promise<
    | OpenedSignIn
    | { readonly status: 'unbound' }
    | { readonly status: 'user_disabled' }
    | { readonly status: 'limited'; readonly endsAt: number }
  >
  /**
   * Makes the user of a first sign-in. Of callers that race with one identity the first makes the
   * user and the others are signed in to it.
   */
  signUp(request: {
    identity: Identity
    user: NewUser
    session: NewSession
  }): Promise<OpenedSignIn | { status: 'user_disabled' }>
  /**
   * Uses up the claim's ticket and binds its identity to an existing user. Of callers that race with
   * one ticket one is bound and the others get `ticket_rejected`. Repeating a binding that stands is no
   * error; a user who already has another identity in the app is `account_taken`.
   */
  bind(request: {
    claim: ClaimedIdentity
    userId: string
    session: NewSession
  }): Promise<OpenedSignIn | RefusedBinding>
  /** The same with a new user; of callers that race for one account name one gets it. */
  register(request: {
    claim: ClaimedIdentity
    user: NewUser
    session: NewSession
  }): Promise<OpenedSignIn | RefusedBinding>
  /**
   * The same by a phone number that WeChat vouches for: a number nobody has makes `user` with it, a
   * number whose user has neither a password nor another identity in the app binds to that user, any
   * other is `phone_rejected`, because numbers are handed on to other people. `proof` is kept with the
   * ticket, to know a repeat by.
   */
  bindPhone(request: {
    claim: ClaimedIdentity
    phone: string
    proof: string
    user: NewUser
    session: NewSession
  }): Promise<OpenedSignIn | RefusedBinding>
  /** Opens another session for a user whose ticket was used a moment ago. */
  repeat(request: { userId: string; session: NewSession }): Promise<OpenedSignIn | RefusedBinding>
  list(userId: string): Promise<BoundIdentity[]>
  /**
   * Takes the user's identity in one app away and ends the sessions it opened, but for `keepSessionId`.
   * `last` where neither a password with an account name, nor a phone, nor another identity would be left to
   * sign in with; of callers that race for the last two, one is told so.
   */
  unbind(request: {
    userId: string
    appId: string
    keepSessionId: string | null
  }): Promise<'unbound' | 'last' | 'not_found'>
  /** The user's openid in an app and its sealed session keys, the newest first; null without one. */
  sessionKeys(request: {
    userId: string
    appId: string
  }): Promise<{ openid: string; keys: readonly string[] } | null>
}
