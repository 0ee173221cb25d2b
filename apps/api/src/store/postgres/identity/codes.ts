import { hash } from 'node:crypto'
import type { CodeStore } from '@mianmi/core'
import { arrayParameter, createGroups, type Postgres } from '../connection/index.ts'
import { createSweep } from '../sweep.ts'

/** In ms. WeChat accepts a code for 5 minutes; the rest allows for clocks that differ. */
const rememberedFor = 10 * 60_000

/**
 * Does not wait for the disk: a code that a crash of the database loses is refused by WeChat. The setting must be made
 * before the insertion, in the same statement.
 */
const withoutDisk = `with s as materialized (
  select set_config('synchronous_commit', 'off', true) = 'off' as is_set)`
const claim = `${withoutDisk}
  insert into codes (hash, expires_at)
  select w.hash, w.expires_at from s cross join unnest(${arrayParameter('$1::text[]')},
    ${arrayParameter('$2::bigint[]')}) as w(hash, expires_at)
  where s.is_set order by w.hash
  on conflict (hash) do update set expires_at = excluded.expires_at
    where codes.expires_at <= excluded.expires_at - ${rememberedFor}
  returning hash`
const release = `${withoutDisk}
  delete from codes using s where codes.hash = $1 and s.is_set`

interface Claim {
  readonly hash: string
  readonly now: number
}

/** Login codes that are sent to WeChat by any node. The calls of one turn of the event loop share a statement. */
export function createCodeStore(postgres: Postgres): CodeStore {
  const { writes, flights } = postgres.attempts
  const sweep = createSweep(postgres, { table: 'codes', key: 'hash', time: 'expires_at' })
  const claimGrouped = createGroups<Claim, boolean>(postgres, {
    name: 'login codes',
    flights: flights.writes,
    keysOf: (claimed) => [claimed.hash],
    async run(claims) {
      const hashes = claims.map((claimed) => claimed.hash)
      const ends = claims.map(({ now }) => now + rememberedFor)
      const rows = await writes.arrays<[hash: string]>(claim, [hashes, ends])
      const claimed = new Set(rows.map(([hash]) => hash))
      return hashes.map((hash) => claimed.has(hash))
    },
  })
  return {
    async claim(code, now) {
      const isClaimed = await claimGrouped({ hash: hashCode(code), now })
      await sweep(now)
      return isClaimed
    },
    release: async (code) => void (await postgres.writes.run(release, [hashCode(code)])),
  }
}

/** WeChat may not have seen the code yet, so it must not be stored. */
const hashCode = (code: string): string => hash('sha256', code, 'base64url')
