import type { TRPCProcedureType } from '@trpc/server'
import type { Call, Exchange } from '../exchange.ts'
import { signalOf } from './abort.ts'
import type { Chain } from './chain.ts'

/** A call on its way through the levels of its procedure. */
export interface Running {
  readonly exchange: Exchange
  readonly call: Call
  readonly chain: Chain
  readonly type: TRPCProcedureType
}

/** What may be replaced on the way. */
export interface Place {
  readonly context: unknown
  readonly input: unknown
  readonly getRawInput: () => Promise<unknown>
}

const origin: unique symbol = Symbol('exchange')

/** One for all: an accessor of each call's own would cost more than all the rest of the options. */
const lazySignal: PropertyDescriptor & ThisType<{ readonly [origin]: Exchange }> = {
  enumerable: true,
  configurable: true,
  get() {
    return signalOf(this[origin])
  },
  set(value: unknown) {
    Object.defineProperty(this, 'signal', { value, enumerable: true, writable: true })
  },
}

/**
 * What a middleware or a resolver gets, with a `signal` that is an own property, so that a copy has it,
 * but is made only when read.
 */
export function optionsOf(running: Running, place: Place, next: unknown): object {
  const { exchange, call } = running
  // A computed key before the others would have V8 define each of those by a call of its runtime.
  const options = {
    path: call.path,
    getRawInput: place.getRawInput,
    ctx: place.context,
    type: running.type,
    batchIndex: call.index,
    meta: running.chain.meta,
    input: place.input,
    next,
    [origin]: exchange,
  }
  return Object.defineProperty(options, 'signal', lazySignal)
}
