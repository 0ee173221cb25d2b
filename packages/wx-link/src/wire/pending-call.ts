import type { Operation } from '@trpc/client'
import type { OpenCall } from './call-observable.ts'
import type { EncodedCall } from './encode-request.ts'

/** A procedure call that has no reply yet. */
export interface PendingCall extends OpenCall, EncodedCall {
  /** The operation of the client: a query or a mutation. */
  op: Operation
  /** From the call's own context, with their names in lower case. */
  headers: Record<string, string>
}

/** Calls that share one HTTP request: of one type, with equal headers. */
export type CallGroup = [PendingCall, ...PendingCall[]]
