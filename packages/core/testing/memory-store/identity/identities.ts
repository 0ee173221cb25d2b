import {
  canStillSignIn,
  decidePhoneClaim,
  type IdentityStore,
  identitiesOfWechat,
  type NewSession,
} from '../../../src/index.ts'
import { meansOf } from '../account/sign-in-means.ts'
import { changeUser, userByAccount, userByPhone } from '../account/user-rows.ts'
import { spendUses } from '../rate-limit/limits.ts'
import { refusalOfCaller } from '../session/callers.ts'
import { endSessionsWithoutIdentity } from '../session/sessions.ts'
import { type IdentityRow, type MemoryState, requireNewKey } from '../state.ts'
import {
  attach,
  create,
  detach,
  enter,
  latest,
  open,
  ownerOf,
  refusalOf,
  stands,
} from './binding-steps.ts'
import {
  bindingOf,
  identitiesOf,
  identityInApp,
  ownsIdentity,
  renewIdentity,
} from './identity-rows.ts'
import { lastUnboundAt } from './unbindings.ts'

export function createIdentityStore(state: MemoryState): IdentityStore {
  const requireNewSession = ({ id }: NewSession): void => requireNewKey(state.sessions, id)
  return {
    async signIn({ identity, session, use }) {
      requireNewSession(session)
      const refused = spendUses(state, [use])
      if (refused !== null) return { status: 'limited', ...refused }
      return enter(state, identity, session) ?? { status: 'unbound' }
    },

    async signUp({ identity, user, session }) {
      requireNewSession(session)
      const entered = enter(state, identity, session)
      if (entered !== null) return entered
      const claim = latest(state, { identity, ticketHash: null })
      const created = create(state, claim, { user, session })
      if (created.status !== 'bound') throw new Error('the identity has no owner')
      return created
    },

    async bind({ claim, userId, passwordHash, session }) {
      requireNewSession(session)
      const user = state.users.get(userId)
      if (user === undefined) return { status: 'ticket_rejected' }
      const refusal = refusalOf(state, claim)
      if (refusal !== null) return refusal
      if (user.passwordHash !== passwordHash) return { status: 'credential_rejected' }
      return attach(state, latest(state, claim), { user, session })
    },

    async register({ claim, user, session }) {
      requireNewSession(session)
      const refusal = refusalOf(state, claim)
      if (refusal !== null) return refusal
      const { accountKey } = user
      if (accountKey !== null && userByAccount(state, accountKey) !== null)
        return { status: 'account_taken' }
      return create(state, latest(state, claim), { user, session })
    },

    async bindPhone({ claim: claimed, phone, proof, user, session, rules }) {
      requireNewSession(session)
      const refusal = refusalOf(state, claimed)
      if (refusal !== null) return refusal
      const claim = latest(state, claimed)
      const owner = userByPhone(state, phone)
      if (owner === null) return create(state, claim, { user, session, phone, proof })
      const isOwn = claim.bound?.userId === owner.id
      const means = { ...meansOf(state, owner), unboundAt: lastUnboundAt(state, owner.id) }
      const decision = decidePhoneClaim(means, { ...claim.identity, isOwn }, rules)
      if (decision === 'reject') return { status: 'phone_rejected' }
      if (decision === 'move')
        return create(state, claim, { user, session, phone, proof, phoneOf: owner.id })
      const bound = attach(state, claim, { user: owner, session, proof })
      if (bound.status === 'bound') changeUser(state, owner.id, { phoneProvenAt: rules.now })
      return bound
    },

    async repeat({ claim, userId, passwordHash, session }) {
      requireNewSession(session)
      const user = state.users.get(userId)
      if (user === undefined || user.role === 'admin' || !stands(state, claim, userId))
        return { status: 'ticket_rejected' }
      if (passwordHash !== null && user.passwordHash !== passwordHash)
        return { status: 'credential_rejected' }
      return user.disabledAt === null ? open(state, user, { session }) : { status: 'user_disabled' }
    },

    async confirm({ identity, caller }) {
      const refused = refusalOfCaller(state, caller)
      if (refused !== null) return refused
      const bound = identityInApp(state, caller.userId, identity.appId)
      if (bound === null || !ownsIdentity(state, caller.userId, identity)) return false
      renewIdentity(state, bound, { ...identity, unionid: null })
      return true
    },

    findOwner: async (identity) => ownerOf(state, identity)?.id ?? null,

    list: async (userId) =>
      identitiesOf(state, userId).map((row) => ({ appId: row.appId, ...bindingOf(state, row) })),

    async unbind({ userId, appId, everywhere, caller, rules }) {
      const refused = caller === null ? null : refusalOfCaller(state, caller)
      if (refused !== null) return refused
      const user = state.users.get(userId)
      const named = identityInApp(state, userId, appId)
      if (user === undefined || named === null) return 'not_found'
      const { unionid } = named
      const bound = identitiesOf(state, userId)
      const removed = everywhere ? identitiesOfWechat(named, bound) : [named]
      const others = bound.filter((row) => !removed.includes(row))
      const means = { ...meansOf(state, user), identities: others }
      if (!canStillSignIn(means, rules, unionid)) return 'last'
      const keepSessionId = everywhere || caller === null ? null : caller.sessionId
      detach(state, removed, { keepSessionId, at: rules.now })
      if (everywhere) endSessionsWithoutIdentity(state, userId)
      return 'unbound'
    },

    async sessionKeys({ userId, appId }) {
      const identity = identityInApp(state, userId, appId)
      return identity && { openid: identity.openid, keys: keysOf(identity) }
    },

    async callerKeys(caller) {
      const refused = refusalOfCaller(state, caller)
      if (refused !== null) return refused
      const { appId = '' } = state.sessions.get(caller.sessionId) ?? {}
      const identity = identityInApp(state, caller.userId, appId)
      return identity && { appId, openid: identity.openid, keys: keysOf(identity) }
    },
  }
}

const keysOf = ({ sealedKey, previousKey }: IdentityRow): string[] =>
  [sealedKey, previousKey].filter((key) => key !== null)
