import type { ProvenActor } from '@mianmi/core/admin'
import type { Transaction } from '../../connection/index.ts'
import { findAdminSession } from '../sign-in/admin-sessions.ts'
import { spendProof } from '../sign-in/factors.ts'

/**
 * Consumes the code of an administrator who acts and returns true, or returns false where it was used before, or the
 * administrator may not act any more. Lock the administrator's row first.
 */
export async function isProven(
  tx: Transaction,
  { adminId, sessionHash, proof }: ProvenActor,
): Promise<boolean> {
  const { session, user: actor } = (await findAdminSession(tx, sessionHash)) ?? {}
  if (actor?.id !== adminId || session?.factor !== 'full') return false
  if (actor.role !== 'admin' || actor.disabledAt !== null) return false
  return spendProof(tx, adminId, proof)
}
