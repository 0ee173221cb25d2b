import { encodeRequest } from './encode-request.ts'
import type { CallGroup, PendingCall } from './pending-call.ts'
import { type SendOptions, sendGroup } from './send-group.ts'
import type { DataTransformer } from './transformer.ts'

/** The limits of a request, and how it is sent. */
export interface BatchOptions extends SendOptions {
  batch?: { maxItems: number } | false
}

/** Collects the calls of one tick and sends them in groups. */
export function createBatcher(
  options: BatchOptions,
  transformer: DataTransformer,
): (call: PendingCall) => void {
  let queue: PendingCall[] = []
  const dispatch = () => {
    const groups = groupCalls(queue, options)
    queue = []
    for (const group of groups) sendGroup(group, options, transformer)
  }
  return (call) => {
    call.cancel = () => {
      queue = queue.filter((other) => other !== call)
    }
    // A timer and not a microtask: one event may release calls through promise chains of
    // different length, and these calls belong in the same batch.
    if (queue.push(call) === 1) setTimeout(dispatch)
  }
}

/** Groups calls of one type and with equal headers, within the limits. The order is kept. */
function groupCalls(calls: readonly PendingCall[], options: BatchOptions): CallGroup[] {
  const groups: CallGroup[] = []
  const openGroups: Record<string, CallGroup> = {}
  for (const call of calls) {
    // A call is never sent with the token of another one.
    const key = call.op.type + JSON.stringify(Object.entries(call.headers).sort())
    const group = openGroups[key]
    if (group && isWithinLimits([...group, call], options)) {
      group.push(call)
    } else {
      const newGroup: CallGroup = [call]
      groups.push(newGroup)
      openGroups[key] = newGroup
    }
  }
  return groups
}

function isWithinLimits(group: CallGroup, options: BatchOptions): boolean {
  const { batch = { maxItems: 10 } } = options
  return batch && group.length <= batch.maxItems && !encodeRequest(options, group)[1]
}
