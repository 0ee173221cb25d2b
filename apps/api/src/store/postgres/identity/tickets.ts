import { longestCall, type TicketStore } from '@mianmi/core'
import type { Postgres } from '../connection/index.ts'
import { createSweep } from '../sweep.ts'

const insert = `insert into tickets
  (hash, app_id, openid, unionid, sealed_key, key_fingerprint, expires_at)
  values ($1, $2, $3, $4, $5, $6, $7)`
const find = `select app_id as "appId", openid, unionid, sealed_key as "sealedKey",
    key_fingerprint as "keyFingerprint", used_by as "usedBy", used_proof as "usedProof"
  from tickets where hash = $1 and (
    (used_at is null and expires_at > $2 and expires_at <= $3 and tries < $4)
    or (used_at > $5 and used_at <= $6))`
const spend = `update tickets set tries = tries + 1
  where hash = $1 and tries < $2 and (expires_at > $3 or used_at is not null)`
const giveBack = 'update tickets set tries = tries - 1 where hash = $1 and tries > 0'

interface TicketRow {
  readonly appId: string
  readonly openid: string
  readonly unionid: string | null
  readonly sealedKey: string
  readonly keyFingerprint: string
  readonly usedBy: string | null
  readonly usedProof: string | null
}

export function createTicketStore(postgres: Postgres): TicketStore {
  const { reads, writes } = postgres
  const sweep = createSweep(postgres, { table: 'tickets', key: 'hash', time: 'expires_at' })
  return {
    async issue({ hash, identity, expiresAt }, now) {
      const { appId, openid, unionid, key } = identity
      const values = [hash, appId, openid, unionid, key.sealed, key.fingerprint, expiresAt]
      await writes.run(insert, values)
      await sweep(now)
    },
    async find({ hash, now, ttl, maxTries, replayMs }) {
      const usedUntil = now + longestCall
      const values = [hash, now, usedUntil + ttl, maxTries, now - replayMs, usedUntil]
      const row = await reads.first<TicketRow>(find, values)
      if (row === null) return null
      const { appId, openid, unionid, sealedKey: sealed, keyFingerprint: fingerprint } = row
      return {
        identity: { appId, openid, unionid, key: { sealed, fingerprint } },
        used: row.usedBy === null ? null : { userId: row.usedBy, proof: row.usedProof },
      }
    },
    spendTry: async ({ hash, maxTries, now }) =>
      (await writes.run(spend, [hash, maxTries, now])) === 1,
    returnTry: async (hash) => void (await writes.run(giveBack, [hash])),
  }
}
