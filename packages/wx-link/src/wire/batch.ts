import type { Operation } from '@trpc/client'
import { type EncodedCall, encodeRequest, headersKey, type LinkHeaders } from './encode-request.ts'
import type { BatchPosition } from './read-reply.ts'
import type { LinkResponse } from './wx-request.ts'

/** A procedure call that has no reply yet. */
export interface PendingCall extends EncodedCall {
  /** The operation of the client. */
  op: Operation
  type: 'query' | 'mutation'
  /** From the call's own context. */
  headers: LinkHeaders
  /** The caller no longer wants the reply. */
  cancelled: boolean
  /** The request that carries the call; null until it is sent. */
  request: GroupRequest | null
  receive(response: LinkResponse, position: BatchPosition): void
  fail(error: unknown): void
}

/** Calls that share one HTTP request. */
export interface CallGroup extends Pick<PendingCall, 'type' | 'headers'> {
  calls: PendingCall[]
}

export interface GroupRequest {
  calls: readonly PendingCall[]
  abort(): void
}

export interface BatchLimits {
  url: string
  /** Calls in one request. */
  maxItems: number
  /** Characters of a query's address. */
  maxURLLength: number
}

/** Collects the calls of one tick and sends them in groups. */
export function createBatcher(
  limits: BatchLimits,
  send: (group: CallGroup) => void,
): (call: PendingCall) => void {
  let queue: PendingCall[] = []
  const dispatch = () => {
    const calls = queue.filter((call) => !call.cancelled)
    queue = []
    for (const group of groupCalls(calls, limits)) send(group)
  }
  return (call) => {
    // A timer and not a microtask: one event may release calls through promise chains of
    // different length, and these calls belong in the same batch.
    if (queue.push(call) === 1) setTimeout(dispatch)
  }
}

/** Groups calls of one type and with equal headers, within the limits. The order is kept. */
function groupCalls(calls: readonly PendingCall[], limits: BatchLimits): CallGroup[] {
  const groups: CallGroup[] = []
  const openGroups = new Map<string, CallGroup>()
  for (const call of calls) {
    const key = `${call.type} ${headersKey(call.headers)}`
    const group = openGroups.get(key)
    if (group && isWithinLimits(group, call, limits)) {
      group.calls.push(call)
      continue
    }
    const newGroup: CallGroup = { type: call.type, headers: call.headers, calls: [call] }
    groups.push(newGroup)
    openGroups.set(key, newGroup)
  }
  return groups
}

function isWithinLimits(
  { type, calls }: CallGroup,
  call: PendingCall,
  limits: BatchLimits,
): boolean {
  if (calls.length >= limits.maxItems) return false
  if (type === 'mutation') return true
  return encodeRequest(limits.url, type, [...calls, call]).url.length <= limits.maxURLLength
}

/** Cancels a call. The request is aborted when all of its calls are cancelled. */
export function cancelCall(call: Pick<PendingCall, 'cancelled' | 'request'>): void {
  call.cancelled = true
  if (call.request?.calls.every((other) => other.cancelled)) call.request.abort()
}
