import type { Identity } from '../../../src/index.ts'
import { type IdentityRow, insertRow, type MemoryState, type UserRow } from '../state.ts'

export const identityKey = ({ appId, openid }: Pick<Identity, 'appId' | 'openid'>): string =>
  `${appId} ${openid}`

export const identityInApp = (
  state: MemoryState,
  userId: string,
  appId: string,
): IdentityRow | null =>
  [...state.identities.values()].find((row) => row.userId === userId && row.appId === appId) ?? null

/** The oldest binding first. */
export const identitiesOf = (state: MemoryState, userId: string): IdentityRow[] =>
  [...state.identities.values()]
    .filter((row) => row.userId === userId)
    .sort((a, b) => a.boundAt - b.boundAt || (a.appId < b.appId ? -1 : 1))

export function insertIdentity(
  state: MemoryState,
  { appId, openid, unionid, key }: Identity,
  { userId, boundAt }: { userId: string; boundAt: number },
): void {
  insertRow(state.identities, identityKey({ appId, openid }), {
    appId,
    openid,
    unionid,
    userId,
    boundAt,
    sealedKey: key.sealed,
    keyFingerprint: key.fingerprint,
    previousKey: null,
  })
}

/** Keeps what WeChat says about a bound identity: a new session key, a unionid that was not known. */
export function renewIdentity(state: MemoryState, row: IdentityRow, identity: Identity): void {
  const { sealed, fingerprint } = identity.key
  const keys =
    fingerprint === row.keyFingerprint
      ? {}
      : { sealedKey: sealed, keyFingerprint: fingerprint, previousKey: row.sealedKey }
  const unionid = row.unionid ?? identity.unionid
  state.identities.set(identityKey(row), { ...row, ...keys, unionid })
}

/** The users with an identity of this unionid, without those that were merged into another. */
export function ownersOfUnionid(state: MemoryState, unionid: string): UserRow[] {
  const userIds = new Set(
    [...state.identities.values()]
      .filter((row) => row.unionid === unionid)
      .map(({ userId }) => userId),
  )
  return [...state.users.values()].filter(({ id, mergedInto }) => userIds.has(id) && !mergedInto)
}
