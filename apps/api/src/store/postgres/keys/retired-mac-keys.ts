import type { RetiredMacKey, RetiredMacKeyStore } from '../../keys/retired-mac-key-store.ts'
import type { Postgres } from '../connection/index.ts'

export function createRetiredMacKeyStore({
  reads,
  transaction,
}: Pick<Postgres, 'reads' | 'transaction'>): RetiredMacKeyStore {
  return {
    list: () =>
      reads.all<RetiredMacKey>(
        `select root_id as "rootId", purpose, sealed_key as "sealedKey", retired_at as "retiredAt"
         from retired_mac_keys order by root_id, purpose`,
      ),
    clean: ({ purpose, until, now }) =>
      transaction([], async (tx) => {
        await tx.run('delete from retired_mac_keys where purpose = $1 and retired_at <= $2', [
          purpose,
          until,
        ])
        await tx.run('update retired_mac_keys set retired_at = $1 where retired_at > $1', [now])
      }),
  }
}
