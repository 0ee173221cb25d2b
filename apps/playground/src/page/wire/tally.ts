import type { CallRecord } from '@mianmi/wechat-sandbox/wx'
import { decodeTrpc, objectIn, type TrpcCall } from './trpc-exchange.ts'

export type Outcome = 'signedIn' | 'unbound' | 'signedOut' | 'failed'

/** What has happened since a launch. */
export interface Tally {
  logins: number
  calls: number
  outcome: Outcome | undefined
  /** Milliseconds from the launch until it was first known who it is. */
  settledAfter: number | undefined
}

export const emptyTally: Tally = {
  logins: 0,
  calls: 0,
  outcome: undefined,
  settledAfter: undefined,
}

export function addToTally(tally: Tally, record: CallRecord, launchedAt: number): Tally {
  const outcome = outcomeOf(record)
  return {
    logins: tally.logins + (record.api === 'login' ? 1 : 0),
    calls: tally.calls + (decodeTrpc(record)?.calls.length ?? 0),
    outcome: outcome ?? tally.outcome,
    settledAfter:
      tally.settledAfter ?? (outcome ? Math.max(0, record.endedAt - launchedAt) : undefined),
  }
}

function outcomeOf(record: CallRecord): Outcome | undefined {
  if (record.api === 'login') return record.ok ? undefined : 'failed'
  if (record.api === 'getStorage') return keptIn(objectIn(record.output)['data'])
  const outcomes = decodeTrpc(record)?.calls.map((call) => outcomeOfCall(call, record.ok))
  return outcomes?.findLast((outcome) => outcome !== undefined)
}

/** What an earlier run of the mini program has left in the storage. */
function keptIn(value: unknown): Outcome | undefined {
  const { tokens, signedOut } = objectIn(value)
  if (tokens) return 'signedIn'
  return signedOut === true ? 'signedOut' : undefined
}

function outcomeOfCall({ procedure, reply, reason }: TrpcCall, ok: boolean): Outcome | undefined {
  if (procedure === 'miniLogin' && (!ok || reason)) return 'failed'
  if (procedure === 'session.signOut') return 'signedOut'
  if (!ok || reason) return undefined
  const { status } = objectIn(reply)
  return status === 'signedIn' || status === 'unbound' ? status : undefined
}
