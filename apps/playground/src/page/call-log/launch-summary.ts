import type { CallRecord } from '@mianmi/wechat-sandbox/wx'
import { decodeTrpc, type TrpcCall, toRecord } from './trpc-request.ts'

export type SignInOutcome = 'signedIn' | 'unbound' | 'signedOut' | 'failed'

/** Counts and sign-in state since a launch. */
export interface LaunchSummary {
  /** Number of `wx.login` calls. */
  logins: number
  /** Number of tRPC calls. */
  calls: number
  /** The sign-in state; undefined while it is not known. */
  outcome: SignInOutcome | undefined
  /** Until when the sign-in that the phone has kept needs no call, in ms since the epoch; undefined where none was kept. */
  keptUntil: number | undefined
  /** Milliseconds from the launch until the sign-in state was first known. */
  settledAfter: number | undefined
}

export const emptySummary: LaunchSummary = {
  logins: 0,
  calls: 0,
  outcome: undefined,
  keptUntil: undefined,
  settledAfter: undefined,
}

export function addToSummary(
  summary: LaunchSummary,
  record: CallRecord,
  launchedAt: number,
): LaunchSummary {
  const outcome = outcomeOf(record)
  return {
    logins: summary.logins + (record.api === 'login' ? 1 : 0),
    calls: summary.calls + (decodeTrpc(record)?.calls.length ?? 0),
    outcome: outcome ?? summary.outcome,
    keptUntil: keptUntil(record) ?? summary.keptUntil,
    settledAfter:
      summary.settledAfter ?? (outcome ? Math.max(0, record.endedAt - launchedAt) : undefined),
  }
}

function outcomeOf(record: CallRecord): SignInOutcome | undefined {
  if (record.api === 'login') return record.ok ? undefined : 'failed'
  if (record.api === 'getStorage') return storedOutcome(toRecord(record.output)['data'])
  const outcomes = decodeTrpc(record)?.calls.map((call) => outcomeOfCall(call, record.ok))
  return outcomes?.findLast((outcome) => outcome !== undefined)
}

function keptUntil({ api, output }: CallRecord): number | undefined {
  if (api !== 'getStorage') return undefined
  const { tokens } = toRecord(toRecord(output)['data'])
  const time = toRecord(tokens)['accessTokenExpiresAt']
  const ms = typeof time === 'number' ? time : Date.parse(String(time))
  return Number.isNaN(ms) ? undefined : ms
}

/** The sign-in state that an earlier launch has stored. */
function storedOutcome(value: unknown): SignInOutcome | undefined {
  const { tokens, signedOut } = toRecord(value)
  if (tokens) return 'signedIn'
  return signedOut === true ? 'signedOut' : undefined
}

function outcomeOfCall(
  { procedure, reply, reason }: TrpcCall,
  ok: boolean,
): SignInOutcome | undefined {
  if (procedure === 'miniLogin' && (!ok || reason)) return 'failed'
  if (procedure === 'session.signOut') return 'signedOut'
  if (!ok || reason) return undefined
  const { status } = toRecord(reply)
  return status === 'signedIn' || status === 'unbound' ? status : undefined
}
