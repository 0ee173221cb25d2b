import type { IdentityRef, SealedKey } from '@mianmi/core'
import type { Queries, Transaction } from '../connection/index.ts'

/** A ticket that was issued to an identity, with what WeChat returned with it. */
export interface IssuedTicket {
  readonly hash: string
  readonly unionid: string | null
  readonly key: SealedKey
}

export const isUnusedTicket = async (queries: Queries, hash: string): Promise<boolean> =>
  (await queries.run('select 1 from tickets where hash = $1 and used_at is null', [hash])) === 1

/**
 * Uses a ticket, which stays for a moment for a client that lost the reply, with all its tries. Rows are swept by their
 * expiry, so it is moved beyond the time in which the call may be repeated.
 */
export async function useTicket(
  tx: Transaction,
  hash: string,
  { userId, proof, at }: { userId: string; proof: string | null; at: number },
): Promise<void> {
  await tx.run(
    `update tickets set used_at = $2, used_by = $3, used_proof = $4, tries = 0,
       expires_at = greatest(expires_at, $2::bigint + 60000)
     where hash = $1 and used_at is null`,
    [hash, at, userId, proof],
  )
}

/** By whom and when the ticket was used; null where it was not. */
export async function findTicketUse(
  queries: Queries,
  hash: string,
): Promise<{ userId: string; at: number } | null> {
  return queries.first(
    `select used_by as "userId", used_at as at from tickets
     where hash = $1 and used_at is not null and used_by is not null`,
    [hash],
  )
}

/** Gives the tickets of identities that are being unbound what WeChat returned since they were issued. */
export const renewTickets = async (
  tx: Transaction,
  identities: readonly IdentityRef[],
): Promise<void> =>
  void (await tx.run(
    `update tickets t set unionid = coalesce(i.unionid, t.unionid),
       sealed_key = coalesce(i.sealed_key, t.sealed_key),
       key_fingerprint = coalesce(i.key_fingerprint, t.key_fingerprint)
     from identities i join unnest($1::text[], $2::text[]) as w(app_id, openid)
       on i.app_id = w.app_id and i.openid = w.openid
     where t.app_id = i.app_id and t.openid = i.openid`,
    [identities.map(({ appId }) => appId), identities.map(({ openid }) => openid)],
  ))

/** The hashes of the tickets that were issued to identities. */
export async function findTicketsOf(
  queries: Queries,
  identities: readonly IdentityRef[],
): Promise<string[]> {
  const rows = await queries.arrays<[string]>(
    `select t.hash from tickets t join unnest($1::text[], $2::text[]) as w(app_id, openid)
     on t.app_id = w.app_id and t.openid = w.openid`,
    [identities.map(({ appId }) => appId), identities.map(({ openid }) => openid)],
  )
  return rows.map(([hash]) => hash)
}
