import {
  bindPhoneToAccount,
  changePassword,
  deleteAccount,
  updateProfile,
} from './account/manage-account.ts'
import type { AuditAction, Origin } from './audit/audit-log.ts'
import { type AuditedCall, audited, type NoteSubject } from './audit/audited.ts'
import { setAvatar } from './avatar/set-avatar.ts'
import { bind } from './identity/bind.ts'
import { miniLogin, type Unbound } from './identity/mini-login.ts'
import type { Proof } from './identity/proof.ts'
import { limitRefusedCodes } from './identity/refused-codes.ts'
import { register } from './identity/register.ts'
import { listIdentities, unbind } from './identity/unbind.ts'
import { claimEachCode, sendEachCodeOnce } from './identity/used-codes.ts'
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
  const claiming = claimEachCode(reached.wechat, reached)
  const wechat = sendEachCodeOnce(limitRefusedCodes(claiming, reached), reached.now)
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
  /** Audits a sign-in and what else it did. */
  const enter = async <T extends SignedIn | Unbound>(
    call: { action: 'sign_in' | 'bind' | 'register'; origin: Origin; appId?: string },
    work: (note: NoteSubject) => Promise<T>,
  ): Promise<T> => {
    const result = await audited(ports, call, work, (done) =>
      done.status === 'signedIn' ? whose(done) : { outcome: 'unbound' },
    )
    if (result.status === 'signedIn') recordEffects(ports, call, result)
    return result
  }
  return {
    miniLogin: (input) =>
      enter({ action: 'sign_in', origin: input.origin, appId: input.appId }, (note) =>
        miniLogin(ports, input, note),
      ),
    bind: (input) =>
      enter({ action: 'bind', origin: input.origin, ...appOf(input.proof) }, (note) =>
        bind(ports, input, note),
      ),
    register: (input) =>
      enter({ action: 'register', origin: input.origin, ...appOf(input.proof) }, (note) =>
        register(ports, input, note),
      ),
    authenticate: (accessToken) => authenticate(ports, accessToken),
    refresh: createRefresh(ports),
  }
}

/** The app that a proof names. */
const appOf = (proof: Proof): { appId?: string } => ('appId' in proof ? { appId: proof.appId } : {})

/** Records what a sign-in did beside opening a session. */
function recordEffects(
  { audit, now }: Pick<Ports, 'audit' | 'now'>,
  { action, origin }: { action: AuditAction; origin: Origin },
  { user, identity, newUser, unionidChanged, effects }: SignedIn,
): void {
  const own = (effect: AuditAction) => ({ action: effect, userId: user.id })
  const all = [
    ...(newUser && action === 'sign_in' ? [own('sign_up')] : []),
    ...(unionidChanged ? [own('unionid_change')] : []),
    ...effects,
  ]
  const { appId } = identity
  for (const effect of all) audit.record({ at: now(), outcome: 'ok', appId, origin, ...effect })
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
  /** Another line of the same call. */
  const record = (
    { caller, origin }: Actor,
    line: { action: AuditAction; userId?: string; appId?: string },
  ): void => {
    const { appId, userId } = caller.session
    ports.audit.record({ at: ports.now(), outcome: 'ok', userId, appId, origin, ...line })
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
    unbind: async (actor, unbinding) => {
      let others: readonly string[] = []
      const note = (appIds: readonly string[]): void => {
        others = appIds
      }
      await act('unbind', actor, (subject) => {
        subject({ appId: unbinding.appId })
        return unbind(ports, actor.caller, unbinding, note)
      })
      for (const appId of others) record(actor, { action: 'unbind', appId })
    },
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
        bindPhoneToAccount(ports, actor.caller, {
          code,
          origin: actor.origin,
          onMoved: (userId) => record(actor, { action: 'phone_moved', userId }),
        }),
      ),
    deleteAccount: (actor, code) =>
      act('account_delete', actor, () =>
        deleteAccount(ports, actor.caller, { code, origin: actor.origin }),
      ),
    decryptOpenData: (actor, data) =>
      act('open_data', actor, () => decryptOpenData(ports, actor.caller, data)),
  }
}
