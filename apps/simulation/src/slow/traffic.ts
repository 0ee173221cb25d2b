import type { ServerResult } from '../world/server/service.ts'

/** A procedure call at a node, as the balancer sees it. */
export interface ObservedCall {
  readonly node: string
  /** Procedures of the admin router begin with `admin.`. */
  readonly path: string
  readonly input: unknown
  readonly callId: string | null
  readonly accessToken: string | null
  /** The time of the nodes, which sentences about tickets and proofs are judged by, in ms since the epoch. */
  readonly at: number
  /** Real time in ms at which it came to the balancer. */
  readonly arrivedAt: number
  /** Real time in ms at which the node got it. */
  readonly startedAt: number
  /** Real time in ms of the reply; infinite where there was none. */
  endedAt: number
  /** Null where the node died, or failed in a way that does not tell whether something was done. */
  result: ServerResult | null
}

/** What goes to the nodes. It can be held, so that the database can be read while nothing happens. */
export interface Traffic {
  /** Resolves when a request may go to a node. */
  admitted(): Promise<void>
  begin(call: Omit<ObservedCall, 'startedAt' | 'endedAt' | 'result'>): ObservedCall
  end(call: ObservedCall, result: ServerResult | null): void
  /** Holds what arrives from now on, and resolves when no call is in flight. */
  hold(): Promise<void>
  release(): void
  /** What has ended since this was called last, in the order of the replies. */
  takeEnded(): ObservedCall[]
}

export function createTraffic(): Traffic {
  const inFlight = new Set<ObservedCall>()
  let ended: ObservedCall[] = []
  let isHeld = false
  let held: (() => void)[] = []
  let onIdle: (() => void) | null = null
  return {
    admitted: () => (isHeld ? new Promise((resolve) => held.push(resolve)) : Promise.resolve()),
    begin(call) {
      const observed = { ...call, startedAt: performance.now(), endedAt: 0, result: null }
      inFlight.add(observed)
      return observed
    },
    end(call, result) {
      call.result = result
      call.endedAt = result === null ? Number.POSITIVE_INFINITY : performance.now()
      inFlight.delete(call)
      ended.push(call)
      if (inFlight.size === 0) onIdle?.()
    },
    async hold() {
      isHeld = true
      if (inFlight.size === 0) return
      await new Promise<void>((resolve) => {
        onIdle = resolve
      })
      onIdle = null
    },
    release() {
      isHeld = false
      const waiting = held
      held = []
      for (const resolve of waiting) resolve()
    },
    takeEnded() {
      const taken = ended
      ended = []
      return taken
    },
  }
}
