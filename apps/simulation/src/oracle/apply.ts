import type { Identity, NewSession, NewUser, OpenedSignIn } from '@mianmi/core'
import type { CommittedVerb } from '../world/server/service.ts'
import { applyAdmin } from './apply-admin.ts'
import type { Oracle } from './model.ts'
import {
  bindingsOfWechat,
  endSessions,
  keyOf,
  loseNumber,
  type Model,
  type ModelBinding,
  type ModelUser,
  newUser,
  ownerOf,
  removeUser,
} from './model.ts'
import { forget, tell, told } from './told.ts'
import { byVerb } from './verbs.ts'

/** Applies what a verb has done to the model, by the sentences of the interface alone. */
export function createApply(oracle: Oracle): (verb: CommittedVerb) => void {
  const applyUser = byVerb(userVerbs(oracle))
  const applyByAdmin = byVerb(applyAdmin(oracle))
  return (verb) => {
    applyUser(verb)
    applyByAdmin(verb)
    removeMerged(oracle)
  }
}

/** How long a merge can be undone, in ms, where the clocks of two nodes are five minutes off in opposite directions. */
const undoTime = (24 * 60 - 10) * 60_000

/**
 * Once a merge can be undone no more, a sign-in removes the merged user with the identities that stayed with it, because the
 * kept user had others in the same apps (decision 10). When it does is the store's to decide, before that it is a loss.
 */
function removeMerged({ model, state, now }: Oracle): void {
  for (const { id, mergedInto, mergedAt } of [...model.users.values()]) {
    if (mergedInto === null || state.users.has(id) || now() - mergedAt < undoTime) continue
    removeUser(model, id, 'merged')
  }
}

const isOpened = (result: { readonly status: string }): result is OpenedSignIn =>
  result.status === 'bound'

function userVerbs(oracle: Oracle): Parameters<typeof byVerb>[0] {
  const { model } = oracle
  return {
    identities: {
      signIn: ([{ identity, session }], result) => {
        if (result.status === 'limited') return
        forget(oracle, identity)
        tell(model, identity)
        if (!isOpened(result)) return
        const user = model.users.get(result.user.id)
        if (user === undefined) return
        bindTo(oracle, user, { identity, isSilent: true })
        open(model, { user, identity, session })
      },
      signUp: ([{ identity, user: draft, session }], result) => {
        if (!isOpened(result)) return
        enterNew(oracle, {
          identity: told(oracle, { identity, ticketHash: null }),
          ...{ draft, session, result },
        })
      },
      register: ([{ claim, user, session }], result) => {
        if (isOpened(result))
          enterNew(oracle, { identity: told(oracle, claim), draft: user, session, result })
      },
      bind: ([{ claim, userId, session }], result) => {
        if (isOpened(result)) attach(oracle, userId, { identity: told(oracle, claim), session })
      },
      bindPhone: ([{ claim, phone, user, session, rules }], result) => {
        if (!isOpened(result)) return
        const identity = told(oracle, claim)
        if (result.newUser) {
          takeNumber(oracle, phone)
          const entered = enterNew(oracle, { identity, draft: user, session, result })
          if (entered !== null)
            proveNumber(oracle, { user: entered, phone, identity, at: user.createdAt })
        } else {
          attach(oracle, result.user.id, { identity, session })
          const owner = model.users.get(result.user.id)
          if (owner !== undefined)
            proveNumber(oracle, { user: owner, phone, identity, at: rules.now })
        }
      },
      repeat: (
        [
          {
            claim: { identity },
            userId,
            session,
          },
        ],
        result,
      ) => {
        const user = model.users.get(userId)
        if (isOpened(result) && user !== undefined) open(model, { user, identity, session })
      },
      unbind: ([{ userId, appId, everywhere, caller, rules }], result) => {
        if (result !== 'unbound') return
        const keep = caller?.sessionId ?? null
        unbind(oracle, userId, { appId, everywhere, keep, at: rules.now })
      },
    },
    sessions: {
      refresh: ([{ sessionId }], result) => {
        if (result.status === 'reused')
          endSessions(model, 'two holders', ({ id }) => id === sessionId)
      },
      end: ([session]) => endSessions(model, 'signed out', ({ id }) => id === session.id),
      revoke: ([{ caller, sessionId }], result) => {
        if (result === true)
          endSessions(
            model,
            'revoked',
            ({ id, userId }) => id === sessionId && userId === caller.userId,
          )
      },
      endOthers: ([caller], result) => {
        if (typeof result === 'number') endOthers(model, 'revoked', caller)
      },
    },
    users: {
      updateProfile: ([{ userId }, { nickname }], result) => {
        const user = model.users.get(userId)
        if (typeof result === 'string' || user === undefined || nickname === undefined) return
        user.nickname = nickname
      },
      changePassword: ([{ caller, to, name }], result) => {
        const user = model.users.get(caller.userId)
        if (result !== 'changed' || user === undefined) return
        user.passwordHash = to
        if (name !== undefined) user.account = name.account
        endOthers(model, 'password changed', caller)
      },
      setPhone: ([{ caller, provenBy, phone, rules }], result) => {
        const user = model.users.get(caller.userId)
        if (typeof result === 'string' || user === undefined) return
        if (result.movedFrom !== undefined) takeNumber(oracle, phone)
        proveNumber(oracle, { user, phone, identity: provenBy, at: rules.now })
      },
      removeCaller: ([{ caller }], result) => {
        if (result === 'removed') removeUser(model, caller.userId, 'deleted by its owner')
      },
    },
  }
}

function open(
  model: Model,
  { user, identity, session }: { user: ModelUser; identity: Identity; session: NewSession },
): void {
  const { id, appId } = session
  const { openid } = identity
  model.sessions.set(id, { id, userId: user.id, appId, openid, ended: null, excuses: new Set() })
}

function bindTo(
  oracle: Oracle,
  user: ModelUser,
  { identity, isSilent }: { identity: Identity; isSilent: boolean },
): void {
  const { model } = oracle
  const { appId, openid } = identity
  if (user.bindings.get(appId)?.openid === openid) return
  user.bindings.set(appId, { appId, openid, isSilent })
  endSessions(
    model,
    'another binding in the app',
    (session) => session.userId === user.id && session.appId === appId,
  )
}

function enterNew(
  oracle: Oracle,
  {
    identity,
    draft,
    session,
    result,
  }: { identity: Identity; draft: NewUser; session: NewSession; result: OpenedSignIn },
): ModelUser | null {
  const { model } = oracle
  // A first sign-in that came second signs in to the user of the first.
  if (!result.newUser) {
    const owner = model.users.get(result.user.id)
    if (owner !== undefined) bindTo(oracle, owner, { identity, isSilent: true })
    if (owner !== undefined) open(model, { user: owner, identity, session })
    return owner ?? null
  }
  const user = newUser(draft)
  model.users.set(user.id, user)
  bindTo(oracle, user, { identity, isSilent: false })
  open(model, { user, identity, session })
  return user
}

function attach(
  oracle: Oracle,
  userId: string,
  { identity, session }: { identity: Identity; session: NewSession },
): void {
  const { model } = oracle
  const user = model.users.get(userId)
  if (user === undefined) return
  const owner = ownerOf(model, identity)
  // It had nothing but this WeChat, which goes to the proven account.
  if (owner !== null && owner.id !== userId) removeUser(model, owner.id, 'absorbed')
  user.shutOut.delete(keyOf(identity))
  bindTo(oracle, user, { identity, isSilent: false })
  open(model, { user, identity, session })
}

function takeNumber({ model }: Oracle, phone: string): void {
  for (const user of model.users.values()) if (user.phone === phone) loseNumber(user)
}

function proveNumber(
  oracle: Oracle,
  {
    user,
    phone,
    identity,
    at,
  }: { user: ModelUser; phone: string; identity: { openid: string }; at: number },
): void {
  user.phone = phone
  user.phoneProvenBy = oracle.personOf(identity.openid)
  user.phoneProvenAt = at
}

function unbind(
  oracle: Oracle,
  userId: string,
  {
    appId,
    everywhere,
    keep,
    at,
  }: { appId: string; everywhere: boolean; keep: string | null; at: number },
): void {
  const { model } = oracle
  const user = model.users.get(userId)
  const named = user?.bindings.get(appId)
  if (user === undefined || named === undefined) return
  const removed: ModelBinding[] = everywhere ? bindingsOfWechat(model, user, named) : [named]
  for (const binding of removed) {
    user.bindings.delete(binding.appId)
    user.shutOut.set(keyOf(binding), { at })
  }
  const apps = removed.map((binding) => binding.appId)
  endSessions(model, `unbound in ${appId}${everywhere ? ', everywhere' : ''}`, (session) => {
    if (session.userId !== userId) return false
    if (everywhere) return apps.includes(session.appId) || !user.bindings.has(session.appId)
    return apps.includes(session.appId) && session.id !== keep
  })
}

function endOthers(model: Model, why: string, caller: { userId: string; sessionId: string }): void {
  endSessions(
    model,
    why,
    (session) => session.userId === caller.userId && session.id !== caller.sessionId,
  )
}
