import { bindPhoneToAccount, changePassword, updateProfile } from './account/manage-account.ts'
import { setAvatar } from './avatar/set-avatar.ts'
import type { Origin } from './guard/audit-log.ts'
import { type Audited, audited } from './guard/audited.ts'
import { bind } from './identity/bind.ts'
import { miniLogin } from './identity/mini-login.ts'
import { register } from './identity/register.ts'
import { listIdentities, unbind } from './identity/unbind.ts'
import { askOnce } from './identity/used-codes.ts'
import type { Login } from './login-contract.ts'
import type { Ports } from './ports.ts'
import { authenticate } from './session/authenticate.ts'
import { listSessions, revokeOtherSessions, revokeSession } from './session/manage-sessions.ts'
import type { SignedIn } from './session/open-session.ts'
import { refresh } from './session/refresh.ts'
import type { SignedInCaller } from './session/session.ts'
import { decryptOpenData } from './vault/open-data.ts'

/** The use cases over one set of ports, each of which that changes something is audited. */
export function createLogin(reached: Ports): Login {
  const ports: Ports = { ...reached, wechat: askOnce(reached.wechat, reached.now) }
  return { ...signingIn(ports), ...beingSignedIn(ports) }
}

type SigningIn = Pick<Login, 'miniLogin' | 'bind' | 'register' | 'authenticate' | 'refresh'>

function signingIn(ports: Ports): SigningIn {
  const whose = ({ user, identity, newUser }: SignedIn) => ({
    userId: user.id,
    appId: identity.appId,
    newUser,
  })
  return {
    miniLogin: (input) =>
      audited(
        ports,
        { action: 'sign_in', origin: input.origin, appId: input.appId },
        () => miniLogin(ports, input),
        (result) => (result.status === 'signedIn' ? whose(result) : { outcome: 'unbound' }),
      ),
    bind: (input) =>
      audited(ports, { action: 'bind', origin: input.origin }, () => bind(ports, input), whose),
    register: (input) =>
      audited(
        ports,
        { action: 'register', origin: input.origin },
        () => register(ports, input),
        whose,
      ),
    authenticate: (accessToken) => authenticate(ports, accessToken),
    refresh: ({ refreshToken, origin }) => refresh(ports, refreshToken, origin),
  }
}

function beingSignedIn(ports: Ports): Omit<Login, keyof SigningIn> {
  const act = <T>(
    action: Audited['action'],
    { caller, origin }: { caller: SignedInCaller; origin: Origin | null },
    work: () => Promise<T>,
  ): Promise<T> => {
    const { appId, userId } = caller.session
    return audited(ports, { action, origin, appId, userId }, work)
  }
  return {
    signOut: (by) =>
      act('sign_out', by, async () => void (await ports.sessions.end(by.caller.session))),
    listSessions: (caller) => listSessions(ports, caller),
    revokeSession: (by, sessionId) =>
      act('session_revoke', by, () => revokeSession(ports, by.caller, sessionId)),
    revokeOtherSessions: (by) =>
      act('session_revoke', by, () => revokeOtherSessions(ports, by.caller)),
    listIdentities: (caller) => listIdentities(ports, caller),
    unbind: (by, appId) => act('unbind', by, () => unbind(ports, by.caller, appId)),
    updateProfile: (by, change) =>
      act('profile_change', by, () => updateProfile(ports, by.caller, change)),
    setAvatar: (by, picture) =>
      act('profile_change', by, () => setAvatar(ports, by.caller, picture)),
    changePassword: (by, change) =>
      act('password_change', by, () =>
        changePassword(ports, by.caller, { ...change, origin: by.origin }),
      ),
    bindPhone: (by, code) =>
      act('phone_change', by, () => bindPhoneToAccount(ports, by.caller, code)),
    deleteAccount: (by) =>
      act('account_delete', { ...by, origin: null }, () => ports.users.remove(by.caller.user.id)),
    decryptOpenData: (by, data) =>
      act('open_data', by, () => decryptOpenData(ports, by.caller, data)),
  }
}
