import {
  isServiceScope,
  type ServiceKey,
  type ServiceKeySecret,
  useInterval,
  type VerifiedServiceKey,
} from '@mianmi/core'
import { type ProvenActor, revokedKeyRetention, type ServiceKeyStore } from '@mianmi/core/admin'
import { prepareProvenActors } from '../admin/administrators/proven-actors.ts'
import { allOr, refuse } from '../admin/sign-in/refusable.ts'
import type { Database } from '../database.ts'

interface KeyRow extends Pick<ServiceKey, 'id' | 'name' | 'createdAt' | 'createdBy' | 'revokedAt'> {
  readonly scopes: string
}

const toScopes = (text: string) => text.split(' ').filter(isServiceScope)

export function createServiceKeyStore(database: Database): ServiceKeyStore {
  const { sqlite, write, writeLater, snapshot } = database
  const spend = prepareProvenActors(database)
  const isProven = (by: ProvenActor | null): boolean => by === null || spend(by)
  const rows = prepareRows(database)
  const find = sqlite.prepare<
    [{ hash: string; now: number }],
    { id: string; name: string; scopes: string }
  >(
    `select k.id, k.name, k.scopes from service_key_secrets s join service_keys k on k.id = s.key_id
     where s.hash = :hash and (s.expires_at is null or s.expires_at > :now) and k.revoked_at is null`,
  )
  const noteUse = sqlite.prepare(
    `update service_key_secrets set last_used_at = :at where hash = :hash
     and (last_used_at is null or abs(last_used_at - :at) >= ${useInterval})`,
  )
  return {
    create: ({ scopes, ...key }, by) =>
      allOr(database, () => {
        if (!isProven(by)) return refuse('proof_rejected')
        if (rows.hasName(key.name)) return refuse('name_taken')
        rows.deleteForgotten(key.at)
        rows.insert({ ...key, scopes: scopes.join(' '), createdBy: by?.adminId ?? null })
        rows.insertSecret({ hash: key.hash, keyId: key.id, at: key.at })
        return 'created'
      }),
    list: async () => rows.list(),
    rotate: ({ id, hash, at, previousUntil }, by) =>
      allOr(database, () => {
        if (!isProven(by)) return refuse('proof_rejected')
        if (!rows.isLive(id)) return refuse('not_found')
        rows.expireSecrets({ id, at, previousUntil })
        rows.insertSecret({ hash, keyId: id, at })
        return 'rotated'
      }),
    revoke: async (id, at) => write(() => rows.revoke(id, at)),
    find: async (hash, now): Promise<VerifiedServiceKey | null> => {
      snapshot.join()
      const row = find.get({ hash, now })
      return row === undefined ? null : { ...row, scopes: toScopes(row.scopes) }
    },
    noteUse: async (hash, at) => writeLater(() => void noteUse.run({ hash, at })),
  }
}

/** The statements on keys. Call those that write inside a transaction. */
function prepareRows({ sqlite }: Pick<Database, 'sqlite'>) {
  const hasName = sqlite.prepare('select 1 from service_keys where name = ? and revoked_at is null')
  const isLive = sqlite.prepare('select 1 from service_keys where id = ? and revoked_at is null')
  const insert = sqlite.prepare(
    `insert into service_keys (id, name, scopes, created_at, created_by)
     values (:id, :name, :scopes, :at, :createdBy)`,
  )
  const insertSecret = sqlite.prepare(
    'insert into service_key_secrets (hash, key_id, created_at) values (:hash, :keyId, :at)',
  )
  const deleteForgotten = sqlite.prepare('delete from service_keys where revoked_at <= ?')
  const deleteOver = sqlite.prepare(
    'delete from service_key_secrets where key_id = :id and expires_at <= :at',
  )
  const expire = sqlite.prepare(
    `update service_key_secrets set expires_at = min(coalesce(expires_at, :until), :until)
     where key_id = :id`,
  )
  const revoke = sqlite.prepare(
    'update service_keys set revoked_at = :at where id = :id and revoked_at is null',
  )
  const keys = sqlite.prepare<[], KeyRow>(
    `select id, name, scopes, created_at as createdAt, created_by as createdBy,
       revoked_at as revokedAt from service_keys order by created_at, id`,
  )
  const secrets = sqlite.prepare<[string], ServiceKeySecret>(
    `select created_at as createdAt, expires_at as expiresAt, last_used_at as lastUsedAt
     from service_key_secrets where key_id = ? order by created_at desc, hash desc`,
  )
  return {
    hasName: (name: string): boolean => hasName.get(name) !== undefined,
    isLive: (id: string): boolean => isLive.get(id) !== undefined,
    insert: (key: {
      id: string
      name: string
      scopes: string
      at: number
      createdBy: string | null
    }): void => {
      const { id, name, scopes, at, createdBy } = key
      insert.run({ id, name, scopes, at, createdBy })
    },
    insertSecret: (secret: { hash: string; keyId: string; at: number }): void =>
      void insertSecret.run(secret),
    deleteForgotten: (now: number): void => void deleteForgotten.run(now - revokedKeyRetention),
    expireSecrets: ({
      id,
      at,
      previousUntil,
    }: {
      id: string
      at: number
      previousUntil: number
    }) => {
      deleteOver.run({ id, at })
      expire.run({ id, until: previousUntil })
    },
    revoke: (id: string, at: number): boolean => revoke.run({ id, at }).changes === 1,
    list: (): ServiceKey[] =>
      keys.all().map((key) => ({
        ...key,
        scopes: toScopes(key.scopes),
        secrets: secrets.all(key.id),
      })),
  }
}
