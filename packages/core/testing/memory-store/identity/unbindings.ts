import { type Identity, type IdentityRef, isSameWechat } from '../../../src/index.ts'
import { deleteRows, type MemoryState, type UnbindingRow } from '../state.ts'
import { identitiesOf, withUnionid } from './identity-rows.ts'

type UnboundIdentity = Pick<Identity, 'appId' | 'openid' | 'unionid'>

const unbindingKey = ({
  appId,
  openid,
  userId,
}: Pick<UnbindingRow, 'appId' | 'openid' | 'userId'>) => `${appId} ${openid} ${userId}`

const isSameIdentity = (row: UnbindingRow, { appId, openid }: IdentityRef): boolean =>
  row.appId === appId && row.openid === openid

export function addUnbinding(state: MemoryState, row: UnbindingRow): void {
  state.unbindings.set(unbindingKey(row), row)
}

/**
 * Stores the unionid that WeChat returned for an identity with its unbindings, and keeps the one before. Also where the
 * identity is bound to another user since, who may be removed with it.
 */
export function learnUnionid(state: MemoryState, identity: UnboundIdentity): void {
  for (const row of state.unbindings.values())
    if (isSameIdentity(row, identity)) addUnbinding(state, withUnionid(row, identity.unionid))
}

/**
 * Whether the identity was unbound from any user, or its WeChat from this one: by its unionid, or by the one before of a
 * bound identity that has the same now.
 */
export function isUnbound(state: MemoryState, identity: UnboundIdentity, userId: string): boolean {
  const { unionid } = identity
  const bound = identitiesOf(state, userId).filter((row) => row.unionid === unionid)
  const known = [{ unionid, previousUnionid: null }, ...(unionid === null ? [] : bound)]
  return [...state.unbindings.values()].some(
    (row) =>
      isSameIdentity(row, identity) ||
      (row.userId === userId && known.some((one) => isSameWechat(one, row))),
  )
}

/** The unionids with which the identity was unbound last, the older one first. */
export function unboundUnionids(
  state: MemoryState,
  identity: IdentityRef,
): { readonly unionid: string | null }[] {
  const [last] = [...state.unbindings.values()]
    .filter((row) => isSameIdentity(row, identity))
    .sort((a, b) => b.unboundAt - a.unboundAt || (a.userId < b.userId ? -1 : 1))
  return last === undefined ? [] : [{ unionid: last.previousUnionid }, { unionid: last.unionid }]
}

/** Whether this identity was unbound from this user. */
export const wasUnbound = (state: MemoryState, identity: IdentityRef, userId: string): boolean =>
  state.unbindings.has(unbindingKey({ ...identity, userId }))

/** When an identity was last unbound from the user; null where none is unbound. */
export function lastUnboundAt(state: MemoryState, userId: string): number | null {
  const ofUser = [...state.unbindings.values()].filter((row) => row.userId === userId)
  return ofUser.length === 0 ? null : Math.max(...ofUser.map(({ unboundAt }) => unboundAt))
}

/** Lifts the unbinding of an identity from a user. Those of other identities of its unionid stay. */
export function liftUnbindings(
  state: MemoryState,
  identity: UnboundIdentity,
  userId: string,
): void {
  deleteRows(state.unbindings, (row) => row.userId === userId && isSameIdentity(row, identity))
}

/** Moves the unbindings of a user to another one who has not the same, and returns them as they were. */
export function moveUnbindings(state: MemoryState, from: string, to: string): UnbindingRow[] {
  return [...state.unbindings.values()].filter(
    (row) => row.userId === from && moveUnbinding(state, row, to),
  )
}

/** Gives a moved unbinding back. One that was lifted or renewed since stays as it is. */
export function returnUnbinding(state: MemoryState, moved: UnbindingRow, keptId: string): void {
  const row = state.unbindings.get(unbindingKey({ ...moved, userId: keptId }))
  if (row?.unboundAt === moved.unboundAt) moveUnbinding(state, row, moved.userId)
}

function moveUnbinding(state: MemoryState, row: UnbindingRow, userId: string): boolean {
  const moved = { ...row, userId }
  if (state.unbindings.has(unbindingKey(moved))) return false
  state.unbindings.delete(unbindingKey(row))
  addUnbinding(state, moved)
  return true
}
