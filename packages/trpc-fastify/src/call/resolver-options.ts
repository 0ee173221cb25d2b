import type { TRPCProcedureType } from '@trpc/server'
import type { RpcCall, RpcRequest } from '../rpc-request.ts'
import { abortSignalOf } from './abort-signal.ts'
import type { ProcedureChain } from './procedure-chain.ts'

/** A call whose procedure is being run step by step. */
export interface RunningCall {
  readonly rpc: RpcRequest
  readonly call: RpcCall
  readonly chain: ProcedureChain
  readonly type: TRPCProcedureType
}

/** What the steps of a procedure may replace. */
export interface StepState {
  readonly context: unknown
  readonly input: unknown
  readonly getRawInput: () => Promise<unknown>
}

const rpcRequest: unique symbol = Symbol('rpcRequest')

/** Shared by all options objects: an accessor for each of them would cost more than all their other properties. */
const lazySignal: PropertyDescriptor & ThisType<{ readonly [rpcRequest]: RpcRequest }> = {
  enumerable: true,
  configurable: true,
  get() {
    return abortSignalOf(this[rpcRequest])
  },
  set(value: unknown) {
    Object.defineProperty(this, 'signal', { value, enumerable: true, writable: true })
  },
}

/**
 * The argument of a middleware or a resolver. Its `signal` is an own property, so that spreading copies it, but
 * created lazily.
 */
export function resolverOptionsOf(running: RunningCall, state: StepState, next: unknown): object {
  const { rpc, call } = running
  // The computed key comes last: before the others, it would make V8 define each of those by a runtime call.
  const options = {
    path: call.path,
    getRawInput: state.getRawInput,
    ctx: state.context,
    type: running.type,
    batchIndex: call.index,
    meta: running.chain.meta,
    input: state.input,
    next,
    [rpcRequest]: rpc,
  }
  return Object.defineProperty(options, 'signal', lazySignal)
}
