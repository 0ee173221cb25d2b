import {
  type Binding,
  type Identity,
  type IdentityRef,
  isSameKey,
  type KnownUnionids,
  type SealedKey,
} from '../../../src/index.ts'
import { type IdentityRow, insertRow, type MemoryState, type UserRow } from '../state.ts'

export const identityKey = ({ appId, openid }: IdentityRef): string => `${appId} ${openid}`

export const identityInApp = (
  state: MemoryState,
  userId: string,
  appId: string,
): IdentityRow | null =>
  [...state.identities.values()].find((row) => row.userId === userId && row.appId === appId) ?? null

/** Whether the identity is bound to this user. */
export const ownsIdentity = (state: MemoryState, userId: string, identity: IdentityRef): boolean =>
  state.identities.get(identityKey(identity))?.userId === userId

/** The oldest binding first. */
export const identitiesOf = (state: MemoryState, userId: string): IdentityRow[] =>
  [...state.identities.values()]
    .filter((row) => row.userId === userId)
    .sort((a, b) => a.boundAt - b.boundAt || (a.appId < b.appId ? -1 : 1))

export function insertIdentity(
  state: MemoryState,
  { appId, openid, unionid, key }: Identity,
  row: Pick<
    IdentityRow,
    'userId' | 'boundAt' | 'boundBy' | 'device' | 'previousKey' | 'previousUnionid'
  >,
): void {
  insertRow(state.identities, identityKey({ appId, openid }), {
    appId,
    openid,
    unionid,
    sealedKey: key.sealed,
    keyFingerprint: key.fingerprint,
    lastSeenAt: 0,
    ...row,
  })
}

/** The stored session key; null for an imported identity that has not signed in yet. */
export function storedKey({ sealedKey, keyFingerprint }: IdentityRow): SealedKey | null {
  if (sealedKey === null || keyFingerprint === null) return null
  return { sealed: sealedKey, fingerprint: keyFingerprint }
}

/** Stores what WeChat returned for a bound identity: a new session key, and its newest unionid. */
export function renewIdentity(state: MemoryState, row: IdentityRow, identity: Identity): void {
  const { sealed: sealedKey, fingerprint: keyFingerprint } = identity.key
  const same = row.keyFingerprint === null ? null : isSameKey(identity.key, row.keyFingerprint)
  const previousKey = same === null ? row.sealedKey : row.previousKey
  const keys = same === 'same' ? {} : { sealedKey, keyFingerprint, previousKey }
  state.identities.set(identityKey(row), { ...withUnionid(row, identity.unionid), ...keys })
}

/** A row with the unionid that WeChat returned, where it returned one, and the one before. */
export function withUnionid<Row extends KnownUnionids>(row: Row, unionid: string | null): Row {
  if (unionid === null || unionid === row.unionid) return row
  return { ...row, unionid, previousUnionid: row.unionid ?? row.previousUnionid }
}

/** How an identity was bound, and when its user was last seen in its app. */
export function bindingOf(state: MemoryState, row: IdentityRow): Binding {
  const { boundAt, boundBy, device, userId, appId } = row
  const seen = [...state.sessions.values()]
    .filter((session) => session.userId === userId && session.appId === appId)
    .map(({ lastSeenAt }) => lastSeenAt)
  return { boundAt, boundBy, device, lastSeenAt: Math.max(boundAt, row.lastSeenAt, ...seen) }
}

/**
 * The users with an identity of this unionid, without administrators, who sign in to no mini program, and those that were
 * merged into another.
 */
export function ownersOfUnionid(state: MemoryState, unionid: string): UserRow[] {
  const userIds = new Set(
    [...state.identities.values()]
      .filter((row) => row.unionid === unionid)
      .map(({ userId }) => userId),
  )
  return [...state.users.values()].filter(
    ({ id, mergedInto, role }) => userIds.has(id) && mergedInto === null && role !== 'admin',
  )
}
