/** One call of a service to WeChat. It never contains a secret, key, token or complete code. */
export interface LoggedCall {
  /** Sequence number, from 1. */
  seq: number
  /** When the call arrived; ISO 8601, UTC. */
  at: string
  /** From arrival to reply, in milliseconds. */
  durationMs: number
  /** HTTP method. */
  method: string
  /** Path without the query. */
  path: string
  /** Null where the call named no app. */
  appId: string | null
  /** The first six characters of the one-time code; null where the call had none. */
  code: string | null
  /** 0 for a success; null where no reply of WeChat was sent. */
  errcode: number | null
  /** The kind of the fault that affected the call, or null. */
  fault: string | null
}

/** The calls of a service to WeChat's server API. */
export interface CallLog {
  /** Appends a call and numbers it. */
  add(call: Omit<LoggedCall, 'seq'>): void
  /** The calls after sequence number `seq`, oldest first. */
  since(seq: number): LoggedCall[]
  /** Removes all calls; numbering continues. */
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
