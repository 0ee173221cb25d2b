import type { User } from '../account/user.ts'
import type { LimitedUse } from '../rate-limit/limit-store.ts'
import type { Caller, RefusedCaller } from '../session/caller.ts'
import type { NewSession } from '../session/session.ts'
import type { BoundIdentity, ClaimedIdentity, Identity, IdentityRef } from './identity.ts'
import type { SignInRules } from './sign-in-means.ts'

/** A sign-in that succeeded. Its session is already open. */
export interface OpenedSignIn {
  readonly status: 'bound'
  readonly user: User
  readonly newUser: boolean
  /** Whether WeChat returned another unionid than the stored one, and it was replaced. */
  readonly unionidChanged: boolean
  /** What else happened, to this user or to another. It is audited, and not part of the reply. */
  readonly effects?: readonly SignInEffect[]
}

/**
 * `identity_link`: the identity was bound to the user by its unionid. `phone_moved`: the user lost the number.
 * `user_absorbed`: the user had nothing but the identity, which went to the account, and was removed.
 */
export interface SignInEffect {
  readonly action: 'identity_link' | 'phone_moved' | 'user_absorbed'
  readonly userId: string
}

/** Why a binding was refused. Nothing was changed, and the ticket is still unused. */
export interface RefusedBinding {
  readonly status:
    | 'ticket_rejected'
    | 'credential_rejected'
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
 * Each verb is one transaction: it happens completely or not at all, and it includes the new session and the end of one
 * that the user has beyond `maxSessions`. Each verb
 * also stores the identity's newest session key (and keeps the previous one) and the newest unionid. A ticket is
 * issued to an unbound identity only, so what it holds is older than what a bound identity has; of several tickets the
 * newest counts, whichever is used, and what a verb decides rests on the newest too. A verb that binds an identity to a user
 * ends the other sessions of that user in the app: they were opened through another identity, or before an unbinding. Where a unionid proves that two
 * users are the same person, the conflict is recorded for an administrator and neither user is changed. Each verb with a
 * `caller` checks the caller by `refuseCaller` first.
 */
export interface IdentityStore {
  /**
   * Opens a session for the user of this identity. Where the identity is new but its unionid belongs to a
   * user's identity in another app, it is bound to that user first, except an identity that was unbound, and any
   * of a unionid that was unbound from that user. `unbound` where there is no such user, and `forbidden` where the
   * identity is an administrator's: administrators sign in to no mini program.
   * `use` is counted first in the same transaction, and refused past its limit. A concurrent binding is seen
   * completely or not at all.
   */
  signIn(request: {
    identity: Identity
    session: NewSession
    use: LimitedUse
  }): Promise<
    | OpenedSignIn
    | { readonly status: 'unbound' }
    | { readonly status: 'user_disabled' | 'forbidden' }
    | { readonly status: 'limited'; readonly endsAt: number }
  >
  /**
   * Creates the user of a first sign-in. Of concurrent callers with the same identity the first creates the
   * user and the others sign in to it.
   */
  signUp(request: {
    identity: Identity
    user: NewUser
    session: NewSession
  }): Promise<OpenedSignIn | { status: 'user_disabled' | 'forbidden' }>
  /**
   * Consumes the ticket, if there is one, and binds the identity to an existing user. Of concurrent callers
   * with the same ticket one is bound and the others get `ticket_rejected`. Repeating an existing binding is no
   * error; `account_taken` where the user has another identity in the app. It lifts the unbinding of this
   * identity from this user, as each binding by a proof of its own does; those of its other identities stay.
   * `passwordHash` is the hash that was verified; `credential_rejected` where the user has another one by now, and for an
   * administrator. A user who has this identity and nothing else (`hasOnlyFirstIdentity`) gives it up and is removed;
   * those that its unionid brought to the same user are unbound with it.
   */
  bind(request: {
    claim: ClaimedIdentity
    userId: string
    passwordHash: string | null
    session: NewSession
  }): Promise<OpenedSignIn | RefusedBinding>
  /** The same with a new user. Of concurrent callers with the same account name one gets it. */
  register(request: {
    claim: ClaimedIdentity
    user: NewUser
    session: NewSession
  }): Promise<OpenedSignIn | RefusedBinding>
  /**
   * The same by a phone number that WeChat vouches for. A number that no user has creates `user` with it. For a
   * number that a user has, `decidePhoneClaim` decides in the same transaction: the identity is bound to that user, as
   * `bind` does it, and the number is then proven again; or the number moves to `user`, who is created, and its owner loses
   * it with a password that is of no use without it; or `phone_rejected`, as for an administrator's number. `proof` is
   * stored with the ticket, so that a
   * repeated call is recognised.
   */
  bindPhone(request: {
    claim: ClaimedIdentity
    phone: string
    proof: string
    user: NewUser
    session: NewSession
    rules: SignInRules
  }): Promise<OpenedSignIn | RefusedBinding>
  /**
   * Opens another session for the user whom the ticket was used for within the last 60 s. `ticket_rejected` where
   * the ticket was not used for this user, the user is an administrator, or the binding that it made was removed since.
   * `passwordHash` is as for `bind`; null where no password was proven.
   */
  repeat(request: {
    claim: ClaimedIdentity
    userId: string
    passwordHash: string | null
    session: NewSession
  }): Promise<OpenedSignIn | RefusedBinding>
  /** Whether the identity is bound to the caller. Where it is, its session key is stored; its unionid waits for a sign-in. */
  confirm(request: { identity: Identity; caller: Caller }): Promise<boolean | RefusedCaller>
  /** The user whom an identity is bound to, for the audit log; null where there is none. A plain read. */
  findOwner(identity: Identity): Promise<string | null>
  /** The oldest binding first. */
  list(userId: string): Promise<BoundIdentity[]>
  /**
   * Removes the user's identity in one app, or with `everywhere` each of the user's identities of the same WeChat
   * (`identitiesOfWechat`), and ends the sessions that they opened, except the caller's. With `everywhere` the caller's ends too, and
   * each session in an app where the user has no identity any more. `caller` is null for an administrator. What was
   * removed is not bound silently again. `last` where the user could not sign in any more (`canStillSignIn`). Of concurrent callers that remove the
   * last two identities, one gets `last`.
   */
  unbind(request: {
    userId: string
    appId: string
    everywhere: boolean
    caller: Caller | null
    rules: SignInRules
  }): Promise<'unbound' | 'last' | 'not_found' | RefusedCaller>
  /** The user's openid in an app and its sealed session keys, newest first; null where there is no identity. */
  sessionKeys(request: {
    userId: string
    appId: string
  }): Promise<{ openid: string; keys: readonly string[] } | null>
  /** The same for the caller, in the app of the session, with the identity. */
  callerKeys(
    caller: Caller,
  ): Promise<(IdentityRef & { keys: readonly string[] }) | null | RefusedCaller>
}
