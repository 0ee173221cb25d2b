import type { UserView } from './account/user.ts'
import type { ProfileChange } from './account/user-store.ts'
import type { Origin } from './audit/audit-log.ts'
import type { Credential } from './identity/bind.ts'
import type { Unbound } from './identity/mini-login.ts'
import type { Proof } from './identity/proof.ts'
import type { ListedIdentity } from './identity/unbind.ts'
import type { ListedSession } from './session/manage-sessions.ts'
import type { SignedIn } from './session/open-session.ts'
import type { SignedInCaller } from './session/session.ts'
import type { Tokens } from './session/tokens.ts'

/** Somebody signed in who does something, and from where. */
export interface Actor {
  readonly caller: SignedInCaller
  readonly origin: Origin
}

/** The use cases, as the contract's procedures call them. Each refuses by throwing a Failure. */
export interface UserService {
  miniLogin(input: { appId: string; code: string; origin: Origin }): Promise<SignedIn | Unbound>
  bind(input: { proof: Proof; credential: Credential; origin: Origin }): Promise<SignedIn>
  register(input: {
    proof: Proof
    account: string
    password: string
    origin: Origin
  }): Promise<SignedIn>
  authenticate(accessToken: string | null): Promise<SignedInCaller>
  refresh(input: { refreshToken: string; origin: Origin }): Promise<Tokens>

  signOut(actor: Actor): Promise<void>
  listSessions(caller: SignedInCaller): Promise<ListedSession[]>
  revokeSession(actor: Actor, sessionId: string): Promise<void>
  revokeOtherSessions(actor: Actor): Promise<number>
  listIdentities(caller: SignedInCaller): Promise<ListedIdentity[]>
  unbind(actor: Actor, appId: string): Promise<void>
  updateProfile(actor: Actor, change: ProfileChange): Promise<UserView>
  setAvatar(actor: Actor, picture: Uint8Array): Promise<UserView>
  changePassword(
    actor: Actor,
    change: { currentPassword?: string | undefined; newPassword: string },
  ): Promise<void>
  bindPhone(actor: Actor, code: string): Promise<UserView>
  deleteAccount(actor: Actor): Promise<void>
  decryptOpenData(
    actor: Actor,
    data: { encryptedData: string; iv: string },
  ): Promise<Record<string, unknown>>
}
