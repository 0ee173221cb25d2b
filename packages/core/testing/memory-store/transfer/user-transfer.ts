import { accountKey, type IdentityRef } from '../../../src/index.ts'
import {
  decideImport,
  type ExportedUser,
  type ImportDraft,
  type ImportOutcome,
  ownHashPrefix,
  type PresentUser,
  type UniqueValue,
  type UserTransferStore,
  uniqueValuesOf,
} from '../../../src/transfer/index.ts'
import { userByAccount, userByExternalId, userByPhone } from '../account/user-rows.ts'
import { identityKey } from '../identity/identity-rows.ts'
import { insertRow, type MemoryState, type UserRow } from '../state.ts'

export function createUserTransferStore(state: MemoryState): UserTransferStore {
  const decide = ({ user }: ImportDraft) => {
    const owners = uniqueValuesOf(user).flatMap(({ field, value }) => {
      const owner = ownerOf(state, { field, value })
      return owner === null ? [] : { field, user: toPresentUser(state, owner) }
    })
    return decideImport(user, { owners, unboundFrom: unboundFrom(state, user.identities) })
  }
  const apply = (draft: ImportDraft): ImportOutcome =>
    decide(draft) ?? { status: 'created', userId: createUser(state, draft) }
  return {
    importUsers: async (drafts) => drafts.map(apply),
    rehearse: async (drafts) =>
      drafts.map(
        (draft) => decide(draft) ?? { status: 'created', userId: draft.user.id ?? draft.newId },
      ),
    async *exportUsers({ pageSize, withPhone }) {
      const users = [...state.users.values()]
        .filter(({ role, mergedInto }) => role === 'user' && mergedInto === null)
        .sort((one, other) => (one.id < other.id ? -1 : 1))
        .map((row) => toExportedUser(state, row))
        .map((user) => (withPhone ? user : { ...user, phone: null, phoneProvenAt: null }))
      for (let start = 0; start < users.length; start += pageSize)
        yield users.slice(start, start + pageSize)
    },
    async nextImportedHash(after) {
      const hashes = [...state.users.values()].flatMap(({ passwordHash }) => passwordHash ?? [])
      const imported = hashes.filter((hash) => hash > after && !hash.startsWith(ownHashPrefix))
      return imported.sort((one, other) => (one < other ? -1 : 1))[0] ?? null
    },
  }
}

function ownerOf(state: MemoryState, { field, value }: UniqueValue): UserRow | null {
  if (field === 'id') return state.users.get(value) ?? null
  if (field === 'externalId') return userByExternalId(state, value)
  if (field === 'account') return userByAccount(state, value)
  if (field === 'phone') return userByPhone(state, value)
  const identity = state.identities.get(value)
  return identity === undefined ? null : (state.users.get(identity.userId) ?? null)
}

/** The first user, by id, from whom one of the identities was unbound. */
function unboundFrom(state: MemoryState, identities: readonly IdentityRef[]): string | null {
  const keys = new Set(identities.map(identityKey))
  const userIds = [...state.unbindings.values()]
    .filter((row) => keys.has(identityKey(row)))
    .map(({ userId }) => userId)
  return userIds.sort()[0] ?? null
}

function createUser(state: MemoryState, { user, newId, now }: ImportDraft): string {
  const { account, identities, ...given } = user
  const id = user.id ?? newId
  const createdAt = user.createdAt ?? now
  insertRow(state.users, id, {
    ...given,
    id,
    account,
    accountKey: account && accountKey(account),
    avatarUrl: null,
    role: 'user',
    createdAt,
    mergedInto: null,
    mergedUntil: null,
  })
  for (const identity of identities)
    insertRow(state.identities, identityKey(identity), {
      ...identity,
      userId: id,
      boundAt: createdAt,
      boundBy: 'unknown',
      device: null,
      lastSeenAt: 0,
      previousUnionid: null,
      sealedKey: null,
      keyFingerprint: null,
      previousKey: null,
    })
  return id
}

const toPresentUser = (state: MemoryState, row: UserRow): PresentUser => {
  const { passwordHash: _, ...user } = toExportedUser(state, row)
  return { ...user, role: row.role }
}

function toExportedUser(state: MemoryState, row: UserRow): ExportedUser {
  const { id, externalId, account, passwordHash, phone, phoneProvenAt, nickname } = row
  const { disabledAt, createdAt } = row
  const identities = [...state.identities.values()]
    .filter(({ userId }) => userId === id)
    .map(({ appId, openid, unionid }) => ({ appId, openid, unionid }))
    .sort((one, other) => (identityKey(one) < identityKey(other) ? -1 : 1))
  const texts = { id, externalId, account, passwordHash, phone, nickname }
  return { ...texts, phoneProvenAt, identities, disabledAt, createdAt }
}
