import type { RootKeyStore } from '../../store.ts'
import type { Postgres, Queries } from '../connection/index.ts'

/** Taken first by every verb that changes which keys are in use, so that two of them see what the other has done. */
const lockName = 'root keys'

export function createRootKeyStore({
  reads,
  writes,
  transaction,
}: Pick<Postgres, 'reads' | 'writes' | 'transaction'>): RootKeyStore {
  return {
    used: () => usedKeys(reads),
    claim: ({ id, listed, now }) =>
      transaction([lockName], async (tx) => {
        const used = await usedKeys(tx)
        if (used.some((each) => !listed.includes(each))) return false
        await tx.run(insertKey, [id, now])
        return true
      }),
    record: async (id, now) => void (await writes.run(insertKey, [id, now])),
    claimAlone: ({ id, macKeys, now }) =>
      transaction([lockName], async (tx) => {
        const others = (await usedKeys(tx)).filter((each) => each !== id)
        const retired = macKeys.filter(({ rootId }) => others.includes(rootId))
        await tx.run(
          `insert into retired_mac_keys (root_id, purpose, sealed_key, retired_at)
           select r.root_id, r.purpose, r.sealed_key, $4
           from unnest($1::text[], $2::text[], $3::text[]) as r(root_id, purpose, sealed_key)
           on conflict (root_id, purpose) do update
           set sealed_key = excluded.sealed_key, retired_at = excluded.retired_at`,
          [
            retired.map(({ rootId }) => rootId),
            retired.map(({ purpose }) => purpose),
            retired.map(({ sealedKey }) => sealedKey),
            now,
          ],
        )
        // What a key signed of which nothing can be verified any more is lost with it.
        await tx.run(
          `update signing_keys set retired_at = $2
           where root_id = any ($1::text[]) and retired_at is null`,
          [retired.map(({ rootId }) => rootId), now],
        )
        await tx.run('delete from root_keys where id <> $1', [id])
        await tx.run(insertKey, [id, now])
      }),
  }
}

const insertKey =
  'insert into root_keys (id, first_used_at) values ($1, $2) on conflict (id) do nothing'

async function usedKeys(queries: Queries): Promise<string[]> {
  const rows = await queries.all<{ id: string }>(
    'select id from root_keys order by first_used_at, id',
  )
  return rows.map(({ id }) => id)
}
