import { bindPhoneToAccount, changePassword, updateProfile } from './account/manage-account.ts'
import type { Origin } from './audit/audit-log.ts'
import { type AuditedCall, audited } from './audit/audited.ts'
import { setAvatar } from './avatar/set-avatar.ts'
import { bind } from './identity/bind.ts'
import { miniLogin } from './identity/mini-login.ts'
import { register } from './identity/register.ts'
import { listIdentities, unbind } from './identity/unbind.ts'
import { sendEachCodeOnce } from './identity/used-codes.ts'
import type { Ports } from './ports.ts'
import { authenticate } from './session/authenticate.ts'
import { listSessions, revokeOtherSessions, revokeSession } from './session/manage-sessions.ts'
import type { SignedIn } from './session/open-session.ts'
import { refresh } from './session/refresh.ts'
import type { SignedInCaller } from './session/session.ts'
import type { UserService } from './user-service.ts'
import { decryptOpenData } from './vault/open-data.ts'

/**
 * Builds the use cases from the ports. Each one that changes state is audited.
 *
 * @example
 * const users = createUserService(ports)
 * const result = await users.miniLogin({ appId, code, origin })
 */
export function createUserService(reached: Ports): UserService {
  const ports: Ports = { ...reached, wechat: sendEachCodeOnce(reached.wechat, reached.now) }
  return { ...signingIn(ports), ...beingSignedIn(ports) }
}

type SigningIn = Pick<UserService, 'miniLogin' | 'bind' | 'register' | 'authenticate' | 'refresh'>

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

function beingSignedIn(ports: Ports): Omit<UserService, keyof SigningIn> {
  const act = <T>(
    action: AuditedCall['action'],
    { caller, origin }: { caller: SignedInCaller; origin: Origin | null },
    work: () => Promise<T>,
  ): Promise<T> => {
    const { appId, userId } = caller.session
    return audited(ports, { action, origin, appId, userId }, work)
  }
  return {
    signOut: (actor) =>
      act('sign_out', actor, async () => void (await ports.sessions.end(actor.caller.session))),
    listSessions: (caller) => listSessions(ports, caller),
    revokeSession: (actor, sessionId) =>
      act('session_revoke', actor, () => revokeSession(ports, actor.caller, sessionId)),
    revokeOtherSessions: (actor) =>
      act('session_revoke', actor, () => revokeOtherSessions(ports, actor.caller)),
    listIdentities: (caller) => listIdentities(ports, caller),
    unbind: (actor, appId) => act('unbind', actor, () => unbind(ports, actor.caller, appId)),
    updateProfile: (actor, change) =>
      act('profile_change', actor, () => updateProfile(ports, actor.caller, change)),
    setAvatar: (actor, picture) =>
      act('profile_change', actor, () => setAvatar(ports, actor.caller, picture)),
    changePassword: (actor, change) =>
      act('password_change', actor, () =>
        changePassword(ports, actor.caller, { ...change, origin: actor.origin }),
      ),
    bindPhone: (actor, code) =>
      act('phone_change', actor, () => bindPhoneToAccount(ports, actor.caller, code)),
    deleteAccount: (actor) =>
      act('account_delete', { ...actor, origin: null }, () =>
        ports.users.remove(actor.caller.user.id),
      ),
    decryptOpenData: (actor, data) =>
      act('open_data', actor, () => decryptOpenData(ports, actor.caller, data)),
  }
}
