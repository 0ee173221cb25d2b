import type { UserRecord } from '../account/user.ts'
import type { NewSession } from '../session/session.ts'
import type { Claim, Identity } from './identity.ts'

/** A binding that went through: the session is open when this is answered. */
export interface Bound {
  readonly status: 'bound'
  readonly user: UserRecord
  readonly newUser: boolean
}

/** Why a binding was refused; nothing was changed then, the ticket included. */
export type Refused = {
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

/** Each verb is one transaction: it happens whole or not at all, and opens the session it answers for. */
export interface IdentityStore {
  /**
   * Opens a session for the user this identity is bound to, and keeps a unionid that WeChat
   * shows for the first time; `unbound` when nobody is. A binding made meanwhile is either seen or not,
   * never half.
   */
  signIn(request: {
    identity: Identity
    session: NewSession
  }): Promise<Bound | { status: 'unbound' } | { status: 'user_disabled' }>
  /**
   * Makes the user of a first sign-in. Of callers that race with one identity the first makes the
   * user and the others are signed in to it.
   */
  signUp(request: {
    identity: Identity
    user: NewUser
    session: NewSession
  }): Promise<Bound | { status: 'user_disabled' }>
  /**
   * Burns the claim's ticket and binds its identity to an existing user. Of callers that race with
   * one ticket one is bound and the others get `ticket_rejected`. Repeating a binding that stands is no error;
   * a user who already has another identity in the app is `account_taken`.
   */
  bind(request: { claim: Claim; userId: string; session: NewSession }): Promise<Bound | Refused>
  /** The same with a new user; of callers that race for one account name one gets it. */
  register(request: { claim: Claim; user: NewUser; session: NewSession }): Promise<Bound | Refused>
  /**
   * The same by a phone number that WeChat vouches for: a number nobody has makes `user` with it, a
   * number whose user has neither a password nor another identity in the app binds to that user, any other is
   * `phone_rejected`, because numbers are handed on to other people.
   */
  bindPhone(request: {
    claim: Claim
    phone: string
    user: NewUser
    session: NewSession
  }): Promise<Bound | Refused>
}
