import {
  type ProvenActor,
  revokedKeyRetention,
  type ServiceKeyStore,
} from '../../../src/admin/index.ts'
import { type ServiceKey, useInterval } from '../../../src/index.ts'
import { spendActorsProof } from '../admin/administrators/roles.ts'
import { deleteRows, insertRow, type MemoryState, type ServiceKeyRow } from '../state.ts'

export function createServiceKeyStore(state: MemoryState): ServiceKeyStore {
  const { serviceKeys, serviceKeySecrets } = state
  return {
    async create({ id, name, scopes, hash, at }, by) {
      const spend = prepareSpending(state, by)
      if (spend === null) return 'proof_rejected'
      if ([...serviceKeys.values()].some((key) => key.name === name && key.revokedAt === null))
        return 'name_taken'
      spend()
      deleteForgotten(state, at)
      const createdBy = by?.adminId ?? null
      insertRow(serviceKeys, id, { id, name, scopes, createdAt: at, createdBy, revokedAt: null })
      insertSecret(state, { hash, keyId: id, at })
      return 'created'
    },

    list: async () =>
      [...serviceKeys.values()]
        .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
        .map((key) => toServiceKey(state, key)),

    async rotate({ id, hash, at, previousUntil }, by) {
      const spend = prepareSpending(state, by)
      if (spend === null) return 'proof_rejected'
      const key = serviceKeys.get(id)
      if (key === undefined || key.revokedAt !== null) return 'not_found'
      spend()
      deleteRows(serviceKeySecrets, (row) => row.keyId === id && isOver(row, at))
      for (const row of serviceKeySecrets.values())
        if (row.keyId === id) {
          const expiresAt = Math.min(row.expiresAt ?? previousUntil, previousUntil)
          serviceKeySecrets.set(row.hash, { ...row, expiresAt })
        }
      insertSecret(state, { hash, keyId: id, at })
      return 'rotated'
    },

    async revoke(id, at) {
      const key = serviceKeys.get(id)
      if (key === undefined || key.revokedAt !== null) return false
      serviceKeys.set(id, { ...key, revokedAt: at })
      return true
    },

    async find(hash, now) {
      const secret = serviceKeySecrets.get(hash)
      const key = secret && serviceKeys.get(secret.keyId)
      if (key === undefined || key.revokedAt !== null || isOver(secret, now)) return null
      const { id, name, scopes } = key
      return { id, name, scopes }
    },

    async noteUse(hash, at) {
      const secret = serviceKeySecrets.get(hash)
      if (secret === undefined) return
      const { lastUsedAt } = secret
      if (lastUsedAt !== null && Math.abs(at - lastUsedAt) < useInterval) return
      serviceKeySecrets.set(hash, { ...secret, lastUsedAt: at })
    },
  }
}

const isOver = (secret: { expiresAt: number | null } | undefined, now: number): boolean =>
  secret === undefined || (secret.expiresAt !== null && secret.expiresAt <= now)

/** What spends the proof; null where the proof is refused. A command has none to spend. */
function prepareSpending(state: MemoryState, by: ProvenActor | null): (() => void) | null {
  if (by === null) return () => {}
  const spent = spendActorsProof(state, by)
  return spent && (() => void state.factors.set(by.adminId, spent))
}

function insertSecret(
  state: MemoryState,
  { hash, keyId, at }: { hash: string; keyId: string; at: number },
): void {
  const row = { hash, keyId, createdAt: at, expiresAt: null, lastUsedAt: null }
  insertRow(state.serviceKeySecrets, hash, row)
}

function deleteForgotten(state: MemoryState, now: number): void {
  const isForgotten = ({ revokedAt }: ServiceKeyRow): boolean =>
    revokedAt !== null && revokedAt <= now - revokedKeyRetention
  deleteRows(state.serviceKeys, isForgotten)
  deleteRows(state.serviceKeySecrets, ({ keyId }) => !state.serviceKeys.has(keyId))
}

function toServiceKey(state: MemoryState, key: ServiceKeyRow): ServiceKey {
  const secrets = [...state.serviceKeySecrets.values()]
    .filter(({ keyId }) => keyId === key.id)
    .sort((a, b) => b.createdAt - a.createdAt || (a.hash < b.hash ? 1 : -1))
    .map(({ createdAt, expiresAt, lastUsedAt }) => ({ createdAt, expiresAt, lastUsedAt }))
  return { ...key, secrets }
}
