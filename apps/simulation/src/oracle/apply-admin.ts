import {
  endSessions,
  loseNumber,
  type ModelUser,
  newUser,
  type Oracle,
  removeUser,
} from './model.ts'
import type { VerbTable } from './verbs.ts'

/** What administrators do to the users of the model. */
export function applyAdmin(oracle: Oracle): VerbTable {
  const { model } = oracle
  const ofUser = (userId: string) => (session: { userId: string }) => session.userId === userId
  return {
    people: {
      disable: ([userId], result) => {
        const user = model.users.get(userId)
        if (result !== 'disabled' || user === undefined) return
        user.isDisabled = true
        endSessions(model, 'disabled', ofUser(userId))
      },
      enable: ([userId], result) => {
        const user = model.users.get(userId)
        if (result && user !== undefined) user.isDisabled = false
      },
      remove: ([userId], result) => {
        if (result === 'removed') removeUser(model, userId, 'deleted by an administrator')
      },
      endSessions: ([{ userId, sessionId }]) =>
        endSessions(
          model,
          'ended by an administrator',
          (session) => session.userId === userId && (sessionId ?? session.id) === session.id,
        ),
      clearPassword: ([userId], result) => {
        const user = model.users.get(userId)
        if (typeof result !== 'boolean' || user === undefined) return
        user.passwordHash = null
        endSessions(model, 'password cleared', ofUser(userId))
      },
      clearPhone: ([userId], result) => {
        const user = model.users.get(userId)
        if (typeof result === 'boolean' && user !== undefined) loseNumber(user)
      },
    },
    merges: {
      merge: ([{ firstUserId, secondUserId, keepUserId }], result) => {
        if (typeof result === 'string') return
        const goneId = keepUserId === firstUserId ? secondUserId : firstUserId
        endSessions(model, 'merged into another user', ofUser(goneId))
        readUsers(oracle, [keepUserId, goneId])
        const gone = model.users.get(goneId)
        if (gone !== undefined) gone.mergedAt = oracle.now()
      },
      undo: ([mergeId], result) => {
        const merge = oracle.state.merges.get(mergeId)
        if (result !== 'undone' || merge === undefined) return
        const { keptId, goneId } = merge
        const before = new Map(model.users.get(keptId)?.bindings)
        readUsers(oracle, [keptId, goneId])
        const after = model.users.get(keptId)?.bindings
        endSessions(
          model,
          'the merge was undone',
          ({ userId, appId }) =>
            userId === keptId && before.has(appId) && after?.has(appId) !== true,
        )
      },
    },
  }
}

/** A merge moves what its plan says, which is the store's to decide: the model takes over who has what since. */
function readUsers(oracle: Oracle, ids: readonly string[]): void {
  const { model, state } = oracle
  const before = ids.flatMap((id) => model.users.get(id) ?? [])
  for (const id of ids) {
    const row = state.users.get(id)
    if (row === undefined) continue
    const former = model.users.get(id)
    const user = { ...(former ?? newUser(row)), account: row.account, nickname: row.nickname }
    user.passwordHash = row.passwordHash
    if (row.phone === null) user.phoneProvenBy = null
    if (row.phone !== null && row.phone !== user.phone)
      user.phoneProvenBy = proverOf(before, row.phone)
    user.phone = row.phone
    user.phoneProvenAt = row.phoneProvenAt ?? 0
    user.isDisabled = row.disabledAt !== null
    user.mergedInto = row.mergedInto
    const bindings = new Map(
      [...state.identities.values()]
        .filter(({ userId }) => userId === id)
        .map(({ appId, openid, boundBy }) => [
          appId,
          { appId, openid, isSilent: boundBy === 'unionid' },
        ]),
    )
    const shutOut = new Map(
      [...state.unbindings.values()]
        .filter(({ userId }) => userId === id)
        .map(({ appId, openid, unboundAt }) => [`${appId} ${openid}`, { at: unboundAt }]),
    )
    model.users.set(id, { ...user, bindings, shutOut })
  }
}

/** Who proved a number that a merge has moved. */
const proverOf = (before: readonly ModelUser[], phone: string): string | null =>
  before.find((user) => user.phone === phone)?.phoneProvenBy ?? null
