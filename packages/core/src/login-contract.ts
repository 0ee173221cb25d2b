import type { UserView } from './account/user.ts'
import type { ProfileChange } from './account/user-store.ts'
import type { Origin } from './guard/audit-log.ts'
import type { Credential } from './identity/bind.ts'
import type { Unbound } from './identity/mini-login.ts'
import type { Proof } from './identity/proof.ts'
import type { ListedIdentity } from './identity/unbind.ts'
import type { ListedSession } from './session/manage-sessions.ts'
import type { SignedIn } from './session/open-session.ts'
import type { SignedInCaller } from './session/session.ts'
import type { Tokens } from './session/tokens.ts'

/** Somebody signed in who does something, and from where. */
export interface By {
  readonly caller: SignedInCaller
  readonly origin: Origin
}

/** The use cases, as the contract's procedures call them. Each refuses by throwing a Failure. */
export interface Login {
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

  signOut(by: By): Promise<void>
  listSessions(caller: SignedInCaller): Promise<ListedSession[]>
  revokeSession(by: By, sessionId: string): Promise<void>
  revokeOtherSessions(by: By): Promise<number>
  listIdentities(caller: SignedInCaller): Promise<ListedIdentity[]>
  unbind(by: By, appId: string): Promise<void>
  updateProfile(by: By, change: ProfileChange): Promise<UserView>
  setAvatar(by: By, picture: Uint8Array): Promise<UserView>
  changePassword(
    by: By,
    change: { currentPassword?: string | undefined; newPassword: string },
  ): Promise<void>
  bindPhone(by: By, code: string): Promise<UserView>
  deleteAccount(by: By): Promise<void>
  decryptOpenData(
    by: By,
    data: { encryptedData: string; iv: string },
  ): Promise<Record<string, unknown>>
}
