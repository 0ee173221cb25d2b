import {
  isServiceScope,
  type ServiceKey,
  type ServiceKeySecret,
  useInterval,
  type VerifiedServiceKey,
} from '@mianmi/core'
import { type ProvenActor, revokedKeyRetention, type ServiceKeyStore } from '@mianmi/core/admin'
import { isProven } from '../admin/administrators/proven-actors.ts'
import { allOr, refuse } from '../admin/sign-in/refusable.ts'
import { createGroups, lockUsers, type Postgres, type Transaction } from '../connection/index.ts'
import type { PostgresDatabase } from '../database.ts'

const toScopes = (text: string) => text.split(' ').filter(isServiceScope)

export function createServiceKeyStore(
  database: PostgresDatabase & Pick<Postgres, 'attempts' | 'metrics'>,
): ServiceKeyStore {
  const { reads, writes } = database
  const find = createKeyLookup(database)
  return {
    // Two that race for a name meet at its index, and the second one runs again.
    create: ({ id, name, scopes, hash, at }, by) =>
      allOr(database, [], async (tx) => {
        if (!(await mayAct(tx, by))) return refuse('proof_rejected')
        if ((await tx.run(hasName, [name])) > 0) return refuse('name_taken')
        await tx.run(deleteForgotten, [at - revokedKeyRetention])
        await tx.run(insert, [id, name, scopes.join(' '), at, by?.adminId ?? null])
        await tx.run(insertSecret, [hash, id, at])
        return 'created'
      }),
    list: async () => {
      const keys = await reads.all<Omit<ServiceKey, 'scopes'> & { scopes: string }>(listed)
      return keys.map((key) => ({ ...key, scopes: toScopes(key.scopes) }))
    },
    rotate: ({ id, hash, at, previousUntil }, by) =>
      allOr(database, [], async (tx) => {
        if (!(await mayAct(tx, by))) return refuse('proof_rejected')
        if ((await tx.run(lockLive, [id])) === 0) return refuse('not_found')
        await tx.run(deleteOver, [id, at])
        await tx.run(expire, [id, previousUntil])
        await tx.run(insertSecret, [hash, id, at])
        return 'rotated'
      }),
    revoke: async (id, at) => (await writes.run(revoke, [id, at])) === 1,
    find: async (hash, now) => {
      const found = await find(hash)
      const isOver = found === null || (found.expiresAt !== null && found.expiresAt <= now)
      return isOver ? null : found.key
    },
    noteUse: async (hash, at) => void (await writes.run(noteUse, [hash, at])),
  }
}

/** A command has no code to consume. */
async function mayAct(tx: Transaction, by: ProvenActor | null): Promise<boolean> {
  if (by === null) return true
  await lockUsers(tx, [by.adminId])
  return isProven(tx, by)
}

const hasName = 'select 1 from service_keys where name = $1 and revoked_at is null'
const deleteForgotten = 'delete from service_keys where revoked_at <= $1'
const insert = `insert into service_keys (id, name, scopes, created_at, created_by)
  values ($1, $2, $3, $4, $5)`
const insertSecret =
  'insert into service_key_secrets (hash, key_id, created_at) values ($1, $2, $3)'
/** Rotations of one key run one after the other, and before or after its revocation. */
const lockLive = 'select 1 from service_keys where id = $1 and revoked_at is null for update'
const deleteOver = 'delete from service_key_secrets where key_id = $1 and expires_at <= $2'
const expire = `update service_key_secrets set expires_at = least(coalesce(expires_at, $2), $2)
  where key_id = $1`
const revoke = 'update service_keys set revoked_at = $2 where id = $1 and revoked_at is null'
const noteUse = `update service_key_secrets set last_used_at = $2 where hash = $1
  and (last_used_at is null or abs(last_used_at - $2) >= ${useInterval})`
const listed = `select k.id, k.name, k.scopes, k.created_at as "createdAt", k.created_by as "createdBy",
    k.revoked_at as "revokedAt",
    (select coalesce(json_agg(json_build_object('createdAt', s.created_at, 'expiresAt', s.expires_at,
       'lastUsedAt', s.last_used_at) order by s.created_at desc, s.hash desc), '[]'::json)
     from service_key_secrets s where s.key_id = k.id) as secrets
  from service_keys k order by k.created_at, k.id`
const lookup = `select s.hash, k.id, k.name, k.scopes, s.expires_at
  from service_key_secrets s join service_keys k on k.id = s.key_id
  where s.hash = any($1::text[]) and k.revoked_at is null`

interface FoundKey extends Pick<ServiceKeySecret, 'expiresAt'> {
  readonly key: VerifiedServiceKey
}

type KeyRow = readonly [
  hash: string,
  id: string,
  name: string,
  scopes: string,
  expiresAt: number | null,
]

/** The calls of one turn of the event loop share a statement. Nothing is cached, so a revoked key is refused at once. */
function createKeyLookup(
  postgres: Pick<Postgres, 'attempts' | 'metrics'>,
): (hash: string) => Promise<FoundKey | null> {
  const { reads, flights } = postgres.attempts
  return createGroups<string, FoundKey | null>(postgres, {
    name: 'service key lookups',
    flights: flights.reads,
    async run(hashes) {
      const rows = await reads.arrays<KeyRow>(lookup, [hashes])
      const found = new Map(rows.map((row) => [row[0], toFoundKey(row)]))
      return hashes.map((hash) => found.get(hash) ?? null)
    },
  })
}

const toFoundKey = ([, id, name, scopes, expiresAt]: KeyRow): FoundKey => ({
  key: { id, name, scopes: toScopes(scopes) },
  expiresAt,
})
