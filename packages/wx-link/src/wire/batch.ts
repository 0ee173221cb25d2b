import { encodeRequest } from './encode-request.ts'
import type { CallGroup, PendingCall } from './pending-call.ts'
import { type SendOptions, sendGroup } from './send-group.ts'
import type { DataTransformer } from './transformer.ts'

/** The limits of a request, and how it is sent. */
export interface BatchOptions extends SendOptions {
  batch?: { maxItems: number } | false
}

/** Collects the calls of one tick and sends them in groups: of one type, with equal headers, within the limits. */
export const createBatcher = (
  options: BatchOptions,
  transformer: DataTransformer,
): ((call: PendingCall) => void) => {
  const { batch = { maxItems: 10 } } = options
  const openGroups: Record<string, PendingCall[]> = {}
  return (call) => {
    // A call is never sent with the token of another one.
    const key = call.op.type + JSON.stringify(Object.entries(call.headers).sort())
    const open = openGroups[key]
    const hasRoom =
      open &&
      batch &&
      open.length < batch.maxItems &&
      !encodeRequest(options, [...open, call] as unknown as CallGroup)[1]
    const group = hasRoom ? open : []
    if (!hasRoom) {
      openGroups[key] = group
      // A timer and not a microtask: one event may release calls through promise chains of
      // different length, and these calls belong in the same batch.
      setTimeout(() => {
        delete openGroups[key]
        if (group.length) sendGroup(group as unknown as CallGroup, options, transformer)
      })
    }
    group.push(call)
    call.abort = () => {
      group.splice(group.indexOf(call), 1)
    }
  }
}
