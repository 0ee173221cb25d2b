import type { SigningKeyRecord, SigningKeyStore } from '../../store.ts'
import type { Postgres, Queries } from '../connection/index.ts'

const columns = `kid, root_id as "rootId", sealed_private_jwk as "sealedPrivateJwk",
created_at as "createdAt", retired_at as "retiredAt"`

export function createSigningKeyStore({
  reads,
  transaction,
}: Pick<Postgres, 'reads' | 'transaction'>): SigningKeyStore {
  return {
    list: () => listKeys(reads),
    keep: ({ first, listed, drafts, retiredUntil, unusedUntil, now }) =>
      transaction(['signing keys'], async (tx) => {
        await tx.run(
          `delete from signing_keys where retired_at <= $2
           or (retired_at is null and created_at <= $3 and root_id <> all ($1::text[])
             and not exists (select 1 from root_keys r where r.id = root_id))`,
          [listed, retiredUntil, unusedUntil],
        )
        await tx.run('update signing_keys set retired_at = $1 where retired_at > $1', [now])
        await tx.run(
          `insert into signing_keys (kid, root_id, sealed_private_jwk, created_at)
           select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
           on conflict do nothing`,
          [
            drafts.map(({ kid }) => kid),
            drafts.map(({ rootId }) => rootId),
            drafts.map(({ sealedPrivateJwk }) => sealedPrivateJwk),
            drafts.map(({ createdAt }) => createdAt),
          ],
        )
        await tx.run('update signing_keys set retired_at = null where root_id = $1', [first])
        return listKeys(tx)
      }),
    haveBeenUsed: async () => {
      const found = await reads.first<{ used: boolean }>(
        `select exists (select 1 from sessions)
           or exists (select 1 from identities where sealed_key is not null) as used`,
      )
      return found?.used ?? false
    },
  }
}

const listKeys = (queries: Queries): Promise<SigningKeyRecord[]> =>
  queries.all<SigningKeyRecord>(`select ${columns} from signing_keys order by created_at desc, kid`)
