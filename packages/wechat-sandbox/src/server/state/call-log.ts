/** One call that a service made to WeChat; it never holds a secret, key, token or whole code. */
export interface LoggedCall {
  /** Counts up from 1. */
  seq: number
  /** ISO 8601, UTC. */
  at: string
  durationMs: number
  method: string
  path: string
  appId: string | null
  /** The first characters only. */
  code: string | null
  /** 0 for a success, null when no answer of WeChat's went out. */
  errcode: number | null
  fault: string | null
}

export interface CallLog {
  add(call: Omit<LoggedCall, 'seq'>): void
  /** Those after `seq`, oldest first. */
  since(seq: number): LoggedCall[]
  clear(): void
}

/** Keeps the last `capacity` calls. */
export function createCallLog(capacity = 500): CallLog {
  let calls: LoggedCall[] = []
  let seq = 0
  return {
    add(call) {
      seq += 1
      calls.push({ seq, ...call })
      if (calls.length > capacity) calls.shift()
    },
    since: (after) => calls.filter((call) => call.seq > after),
    clear() {
      calls = []
    },
  }
}
