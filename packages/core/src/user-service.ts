import type { PasswordChange } from './account/manage-account.ts'
import type { UserView } from './account/user.ts'
import type { ProfileChange } from './account/user-store.ts'
import type { Origin } from './audit/audit-log.ts'
import type { Credential } from './identity/bind.ts'
import type { Unbound } from './identity/mini-login.ts'
import type { Proof } from './identity/proof.ts'
import type { ListedIdentity, Unbinding } from './identity/unbind.ts'
import type { ListedSession } from './session/manage-sessions.ts'
import type { SignedIn } from './session/open-session.ts'
import type { SignedInCaller } from './session/session.ts'
import type { Tokens } from './session/tokens.ts'

/** The signed-in caller and where the request came from. */
export interface Actor {
  readonly caller: SignedInCaller
  readonly origin: Origin
}

/**
 * The use cases of users, as the procedures and the plain-HTTP routes call them. Each one refuses by throwing a
 * Failure.
 */
export interface UserService {
  /** Signs in by a login code; `unbound` with a ticket where the identity has no user. */
  miniLogin(input: { appId: string; code: string; origin: Origin }): Promise<SignedIn | Unbound>
  /** Binds the proven identity to the account of a credential, and signs in. */
  bind(input: { proof: Proof; credential: Credential; origin: Origin }): Promise<SignedIn>
  /** Creates an account, binds the proven identity to it, and signs in. */
  register(input: {
    proof: Proof
    account: string
    password: string
    origin: Origin
  }): Promise<SignedIn>
  /** The caller of an access token. */
  authenticate(accessToken: string | null): Promise<SignedInCaller>
  /** Exchanges a refresh token for new tokens. */
  refresh(input: { refreshToken: string; origin: Origin }): Promise<Tokens>

  /** Ends the caller's session. */
  signOut(actor: Actor): Promise<void>
  /** The caller's sessions, newest first. */
  listSessions(caller: SignedInCaller): Promise<ListedSession[]>
  /** Ends one of the caller's sessions. */
  revokeSession(actor: Actor, sessionId: string): Promise<void>
  /** Ends all of the caller's sessions but the current one, and returns how many. */
  revokeOtherSessions(actor: Actor): Promise<number>
  /** The caller's WeChat identities. */
  listIdentities(caller: SignedInCaller): Promise<ListedIdentity[]>
  /** Removes the caller's identity in one app, or with `everywhere` each one of the same unionid. */
  unbind(actor: Actor, unbinding: Unbinding): Promise<void>
  /** Changes nickname or avatar address. */
  updateProfile(actor: Actor, change: ProfileChange): Promise<UserView>
  /** Stores a JPEG, PNG or WebP as the caller's avatar. */
  setAvatar(actor: Actor, picture: Uint8Array): Promise<UserView>
  /** Sets a new password and ends the caller's other sessions. */
  changePassword(actor: Actor, change: PasswordChange): Promise<void>
  /** Sets the caller's phone number by a getPhoneNumber code. */
  bindPhone(actor: Actor, code: string): Promise<UserView>
  /** Deletes the caller and all their personal data. `code` is a fresh login code of the session's WeChat. */
  deleteAccount(actor: Actor, code: string | undefined): Promise<void>
  /** Decrypts open data that WeChat encrypted for the caller. */
  decryptOpenData(
    actor: Actor,
    data: { encryptedData: string; iv: string },
  ): Promise<Record<string, unknown>>
}
