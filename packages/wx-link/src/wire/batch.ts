import { type EncodedCall, encodeRequest, headersKey, type LinkHeaders } from './encode.ts'
import type { Seat } from './reply.ts'
import type { LinkResponse } from './wx-request.ts'

/** One procedure call on its way. */
export interface Call extends EncodedCall {
  type: 'query' | 'mutation'
  headers: LinkHeaders
  /** Nobody waits for the answer any more. */
  dropped: boolean
  /** The request that carries it, once it is under way. */
  flight: Flight | null
  receive(response: LinkResponse, seat: Seat): void
  fail(error: unknown): void
}

/** Calls that share a request. */
export interface Group extends Pick<Call, 'type' | 'headers'> {
  calls: Call[]
}

export interface Flight {
  calls: readonly Call[]
  abort(): void
}

export interface BatchLimits {
  url: string
  maxItems: number
  maxUrlLength: number
}

/** Collects the calls of one tick and hands them on in groups that may share a request. */
export function createBatcher(
  limits: BatchLimits,
  send: (group: Group) => void,
): (call: Call) => void {
  let waiting: Call[] = []
  const dispatch = () => {
    const calls = waiting.filter((call) => !call.dropped)
    waiting = []
    for (const group of groupCalls(calls, limits)) send(group)
  }
  return (call) => {
    // A timer, not a microtask: calls that one event releases through promises of different
    // depth belong together.
    if (waiting.push(call) === 1) setTimeout(dispatch)
  }
}

/** Groups of one type and one set of headers, each within the limits. Order is kept. */
export function groupCalls(calls: readonly Call[], limits: BatchLimits): Group[] {
  const groups: Group[] = []
  const open = new Map<string, Group>()
  for (const call of calls) {
    const key = `${call.type} ${headersKey(call.headers)}`
    const group = open.get(key)
    if (group && hasRoom(group, call, limits)) {
      group.calls.push(call)
      continue
    }
    const fresh: Group = { type: call.type, headers: call.headers, calls: [call] }
    groups.push(fresh)
    open.set(key, fresh)
  }
  return groups
}

function hasRoom({ type, calls }: Group, call: Call, limits: BatchLimits): boolean {
  if (calls.length >= limits.maxItems) return false
  if (type === 'mutation') return true
  return encodeRequest(limits.url, type, [...calls, call]).url.length <= limits.maxUrlLength
}

/** Gives a call up. Its request ends when none of the calls in it is waited for. */
export function dropCall(call: Pick<Call, 'dropped' | 'flight'>): void {
  call.dropped = true
  if (call.flight?.calls.every((other) => other.dropped)) call.flight.abort()
}
