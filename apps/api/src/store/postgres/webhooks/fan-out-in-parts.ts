import type { Postgres } from '../connection/index.ts'
import { fanOutPart, lockInTurn, newestWaiting } from './fan-out.ts'

type Connections = Pick<Postgres, 'reads' | 'transaction'>

/**
 * Fans out everything that was written before the call, in parts that are committed one after the other. Returns the ids of the
 * rows that were set aside.
 */
export async function fanOutInParts({ reads, transaction }: Connections): Promise<string[]> {
  const setAside: number[] = []
  const upTo = await newestWaiting(reads)
  for (let isMore = upTo !== null; isMore; ) {
    const part = await transaction([], async (tx) => {
      await lockInTurn(tx)
      return fanOutPart(tx, upTo ?? 0)
    })
    setAside.push(...part.setAside)
    isMore = part.isMore
  }
  return setAside.map(String)
}

/**
 * Fans out what waits before a transaction that changes the webhooks and calls `fanOutRest`. The second time is for what was
 * written meanwhile, so that the transaction holds the lock for little.
 */
export async function fanOutBefore(connections: Connections): Promise<void> {
  await fanOutInParts(connections)
  await fanOutInParts(connections)
}
