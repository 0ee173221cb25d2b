import {
  bindPhoneToAccount,
  changePassword,
  deleteAccount,
  updateProfile,
} from './account/manage-account.ts'
import type { Origin } from './audit/audit-log.ts'
import { type AuditedCall, audited, type NoteSubject } from './audit/audited.ts'
import { setAvatar } from './avatar/set-avatar.ts'
import { bind } from './identity/bind.ts'
import { miniLogin, type Unbound } from './identity/mini-login.ts'
import { limitRefusedCodes } from './identity/refused-codes.ts'
import { register } from './identity/register.ts'
import { listIdentities, unbind } from './identity/unbind.ts'
import { sendEachCodeOnce } from './identity/used-codes.ts'
import type { Ports } from './ports.ts'
import { authenticate } from './session/authenticate.ts'
import { listSessions, revokeOtherSessions, revokeSession } from './session/manage-sessions.ts'
import type { SignedIn } from './session/open-session.ts'
import { createRefresh } from './session/refresh.ts'
import type { Actor, UserService } from './user-service.ts'
import { decryptOpenData } from './vault/open-data.ts'

/**
 * Builds the use cases from the ports. Each one that changes state is audited.
 *
 * @example
 * const users = createUserService(ports)
 * const result = await users.miniLogin({ appId, code, origin })
 */
export function createUserService(reached: Ports): UserService {
  const wechat = limitRefusedCodes(sendEachCodeOnce(reached.wechat, reached.now), reached)
  const ports: Ports = { ...reached, wechat }
  return { ...signingIn(ports), ...beingSignedIn(ports) }
}

type SigningIn = Pick<UserService, 'miniLogin' | 'bind' | 'register' | 'authenticate' | 'refresh'>

function signingIn(ports: Ports): SigningIn {
  const whose = ({ user, identity, newUser }: SignedIn) => ({
    userId: user.id,
    appId: identity.appId,
    newUser,
  })
  const noteUnionid = <T extends SignedIn | Unbound>(result: T, origin: Origin): T => {
    if (result.status === 'signedIn' && result.unionidChanged) recordUnionid(ports, result, origin)
    return result
  }
  return {
    miniLogin: async (input) =>
      noteUnionid(
        await audited(
          ports,
          { action: 'sign_in', origin: input.origin, appId: input.appId },
          () => miniLogin(ports, input),
          (result) => (result.status === 'signedIn' ? whose(result) : { outcome: 'unbound' }),
        ),
        input.origin,
      ),
    bind: async ({ origin, ...input }) => {
      const work = () => bind(ports, { ...input, origin })
      return noteUnionid(await audited(ports, { action: 'bind', origin }, work, whose), origin)
    },
    register: (input) =>
      audited(
        ports,
        { action: 'register', origin: input.origin },
        () => register(ports, input),
        whose,
      ),
    authenticate: (accessToken) => authenticate(ports, accessToken),
    refresh: createRefresh(ports),
  }
}

/** Records that WeChat returned another unionid for an identity than before. */
function recordUnionid(
  ports: Pick<Ports, 'audit' | 'now'>,
  { user, identity }: SignedIn,
  origin: Origin,
): void {
  ports.audit.record({
    at: ports.now(),
    action: 'unionid_change',
    outcome: 'ok',
    userId: user.id,
    appId: identity.appId,
    origin,
  })
}

function beingSignedIn(ports: Ports): Omit<UserService, keyof SigningIn> {
  const act = <T>(
    action: AuditedCall['action'],
    { caller, origin }: Actor,
    work: (note: NoteSubject) => Promise<T>,
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
    unbind: (actor, unbinding) =>
      act('unbind', actor, () => unbind(ports, actor.caller, unbinding)),
    updateProfile: (actor, change) =>
      act('profile_change', actor, () => updateProfile(ports, actor.caller, change)),
    setAvatar: (actor, picture) =>
      act('profile_change', actor, () => setAvatar(ports, actor.caller, picture)),
    changePassword: (actor, change) =>
      act('password_change', actor, () =>
        changePassword(ports, actor.caller, { ...change, origin: actor.origin }),
      ),
    bindPhone: (actor, code) =>
      act('phone_change', actor, () =>
        bindPhoneToAccount(ports, actor.caller, { code, origin: actor.origin }),
      ),
    deleteAccount: (actor, code) =>
      act('account_delete', actor, () =>
        deleteAccount(ports, actor.caller, { code, origin: actor.origin }),
      ),
    decryptOpenData: (actor, data) =>
      act('open_data', actor, () => decryptOpenData(ports, actor.caller, data)),
  }
}
