import type { Caller, RefusedCaller } from '@mianmi/core'
import type { Transaction } from '../connection/index.ts'
import { refuseCaller } from '../session/callers.ts'

/**
 * Locks the row of a caller, whose sign-ins go on, and checks the caller. Two statements, so that the second one sees what
 * the transaction has changed that held the row.
 */
export async function lockCaller(tx: Transaction, caller: Caller): Promise<RefusedCaller | null> {
  await tx.run('select 1 from users where id = $1 for no key update', [caller.userId])
  return refuseCaller(tx, caller)
}
