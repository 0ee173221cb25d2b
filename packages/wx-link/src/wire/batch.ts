import type { Operation } from '@trpc/client'
import { type EncodedCall, encodeRequest, headersKey, type LinkHeaders } from './encode-request.ts'
import type { BatchPosition } from './read-reply.ts'
import type { LinkResponse } from './wx-request.ts'

/** A procedure call that has no reply yet. */
export interface PendingCall extends EncodedCall {
  /** The operation of the client: a query or a mutation. */
  op: Operation
  /** From the call's own context. */
  headers: LinkHeaders
  /** The caller no longer wants the reply. */
  cancelled: boolean
  /** The request that carries the call; null until it is sent. */
  request: GroupRequest | null
  receive(response: LinkResponse, position: BatchPosition): void
  fail(error: unknown): void
}

/** Calls that share one HTTP request: of one type, with equal headers. */
export type CallGroup = [PendingCall, ...PendingCall[]]

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
    const key = `${call.op.type} ${headersKey(call.headers)}`
    const group = openGroups.get(key)
    if (group && isWithinLimits([...group, call], limits)) {
      group.push(call)
      continue
    }
    const newGroup: CallGroup = [call]
    groups.push(newGroup)
    openGroups.set(key, newGroup)
  }
  return groups
}

function isWithinLimits(group: CallGroup, { url, maxItems, maxURLLength }: BatchLimits): boolean {
  if (group.length > maxItems) return false
  return group[0].op.type === 'mutation' || encodeRequest(url, group).url.length <= maxURLLength
}

/** Cancels a call. The request is aborted when all of its calls are cancelled. */
export function cancelCall(call: Pick<PendingCall, 'cancelled' | 'request'>): void {
  call.cancelled = true
  if (call.request?.calls.every((other) => other.cancelled)) call.request.abort()
}
