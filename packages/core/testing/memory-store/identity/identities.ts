import {
  canStillSignIn,
  decidePhoneClaim,
  type IdentityStore,
  type NewSession,
} from '../../../src/index.ts'
import { correctProof, meansOf } from '../account/sign-in-means.ts'
import { changeUser, userByAccount, userByPhone } from '../account/user-rows.ts'
import { spendUses } from '../rate-limit/limits.ts'
import { type MemoryState, requireNewKey } from '../state.ts'
import { attach, create, detach, enter, open, ownerOf, refusalOf, stands } from './binding-steps.ts'
import {
  bindingOf,
  identitiesOf,
  identityInApp,
  identityKey,
  renewIdentity,
} from './identity-rows.ts'

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
      const created = create(state, { identity, ticketHash: null }, { user, session })
      if (created.status !== 'bound') throw new Error('the identity has no owner')
      return created
    },

    async bind({ claim, userId, session }) {
      requireNewSession(session)
      const user = state.users.get(userId)
      if (user === undefined) return { status: 'ticket_rejected' }
      return refusalOf(state, claim) ?? attach(state, claim, { user, session })
    },

    async register({ claim, user, session }) {
      requireNewSession(session)
      const refusal = refusalOf(state, claim)
      if (refusal !== null) return refusal
      const { accountKey } = user
      if (accountKey !== null && userByAccount(state, accountKey) !== null)
        return { status: 'account_taken' }
      return create(state, claim, { user, session })
    },

    async bindPhone({ claim, phone, proof, user, session, rules }) {
      requireNewSession(session)
      const refusal = refusalOf(state, claim)
      if (refusal !== null) return refusal
      const owner = userByPhone(state, phone)
      if (owner === null) return create(state, claim, { user, session, phone, proof })
      correctProof(state, owner, rules.now)
      const isOwn = ownerOf(state, claim.identity)?.id === owner.id
      const decision = decidePhoneClaim(meansOf(state, owner), { ...claim.identity, isOwn }, rules)
      if (decision === 'reject') return { status: 'phone_rejected' }
      if (decision === 'move')
        return create(state, claim, { user, session, phone, proof, phoneOf: owner.id })
      const bound = attach(state, claim, { user: owner, session, proof })
      if (bound.status === 'bound') changeUser(state, owner.id, { phoneProvenAt: rules.now })
      return bound
    },

    async repeat({ claim, userId, session }) {
      requireNewSession(session)
      const user = state.users.get(userId)
      if (user === undefined || !stands(state, claim, userId)) return { status: 'ticket_rejected' }
      return user.disabledAt === null ? open(state, user, { session }) : { status: 'user_disabled' }
    },

    async confirm({ identity, userId }) {
      const bound = state.identities.get(identityKey(identity))
      if (bound?.userId !== userId) return false
      renewIdentity(state, bound, { ...identity, unionid: null })
      return true
    },

    list: async (userId) =>
      identitiesOf(state, userId).map((row) => ({ appId: row.appId, ...bindingOf(state, row) })),

    async unbind({ userId, appId, everywhere, keepSessionId, rules }) {
      const user = state.users.get(userId)
      const named = identityInApp(state, userId, appId)
      if (user === undefined || named === null) return 'not_found'
      const { unionid } = named
      const bound = identitiesOf(state, userId)
      const removed = bound.filter(
        (row) => row === named || (everywhere && unionid !== null && row.unionid === unionid),
      )
      const others = bound.filter((row) => !removed.includes(row))
      const means = { ...meansOf(state, user), identities: others }
      if (!canStillSignIn(means, rules, unionid)) return 'last'
      detach(state, removed, { keepSessionId, at: rules.now })
      return 'unbound'
    },

    async sessionKeys({ userId, appId }) {
      const identity = identityInApp(state, userId, appId)
      if (identity === null) return null
      const { openid, sealedKey, previousKey } = identity
      return { openid, keys: previousKey === null ? [sealedKey] : [sealedKey, previousKey] }
    },
  }
}
