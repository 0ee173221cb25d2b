import { type AnyTRPCProcedure, getTRPCErrorFromUnknown, TRPCError } from '@trpc/server'
import type { RpcCall, RpcRequest } from '../rpc-request.ts'
import { abortSignalOf } from './abort-signal.ts'
import { parseInput, parseInputEarly, parseOutput } from './parse.ts'
import type { MiddlewareResult, Parse } from './procedure-chain.ts'
import { type RunningCall, resolverOptionsOf, type StepState } from './resolver-options.ts'

/** Calls a procedure as tRPC would. Returns its result or a promise of it. @throws what the procedure throws */
export function invoke(rpc: RpcRequest, call: RpcCall): unknown {
  const { entry } = call
  if (entry === null)
    throw new TRPCError({
      code: 'NOT_FOUND',
      message: `No procedure found on path "${call.path}"`,
    })
  const { chain, type } = entry
  if (chain === null) return invokeWhole(rpc, call, entry.procedure)
  const running: RunningCall = { rpc, call, chain, type }
  const state: StepState = {
    context: rpc.context,
    input: undefined,
    getRawInput: call.getRawInput,
  }
  if (chain.steps.length === 0) return chain.resolver(resolverOptionsOf(running, state, noNext))
  return chain.hasOnlyParsers ? runParsers(running, state) : runChain(running, state)
}

function invokeWhole(rpc: RpcRequest, call: RpcCall, procedure: AnyTRPCProcedure): unknown {
  const run = procedure as unknown as (options: object) => unknown
  return run({
    path: call.path,
    getRawInput: call.getRawInput,
    ctx: rpc.context,
    type: procedure._def.type,
    signal: abortSignalOf(rpc),
    batchIndex: call.index,
  })
}

/** Without middlewares the nesting of the steps does not matter, so that a loop can run them. */
async function runParsers(running: RunningCall, start: StepState): Promise<unknown> {
  const { steps, resolver } = running.chain
  let state = start
  let parse: Parse | null = null
  for (const step of steps) {
    if (step.kind === 'input') {
      const parsed = parseInputEarly(running, step.parse, state)
      state = parsed instanceof Promise ? await parsed : parsed
    }
    if (step.kind === 'output') parse = step.parse
  }
  const data = await resolver(resolverOptionsOf(running, state, noNext))
  return parse === null ? data : parseOutput(parse, data)
}

async function runChain(running: RunningCall, state: StepState): Promise<unknown> {
  const result = await runStep(running, 0, state)
  if (!result)
    throw new TRPCError({
      code: 'INTERNAL_SERVER_ERROR',
      message: 'No result from middlewares - did you forget to `return next()`?',
    })
  if (!result.ok) throw result.error
  return result.data
}

/** Never rejects: a middleware receives the error of a later step as a result. */
async function runStep(
  running: RunningCall,
  index: number,
  state: StepState,
): Promise<MiddlewareResult> {
  try {
    const step = running.chain.steps[index]
    if (step === undefined) {
      const data = await running.chain.resolver(resolverOptionsOf(running, state, noNext))
      return { marker, ok: true, data, ctx: state.context }
    }
    if (step.kind === 'input')
      return await runStep(running, index + 1, await parseInput(step.parse, state))
    if (step.kind === 'output') {
      const result = await runStep(running, index + 1, state)
      return result.ok ? { ...result, data: await parseOutput(step.parse, result.data) } : result
    }
    const next = (options?: NextOptions) =>
      runStep(running, index + 1, options ? stateAfterNext(state, options) : state)
    return await step.run(resolverOptionsOf(running, state, next))
  } catch (cause) {
    return { marker, ok: false, error: getTRPCErrorFromUnknown(cause) }
  }
}

const marker = 'middlewareMarker'

/** The argument of a middleware's `next`. */
interface NextOptions {
  readonly ctx?: object
  readonly input?: unknown
  readonly getRawInput?: () => Promise<unknown>
}

function stateAfterNext(state: StepState, options: NextOptions): StepState {
  return {
    context: options.ctx ? { ...(state.context as object), ...options.ctx } : state.context,
    input: 'input' in options ? options.input : state.input,
    getRawInput: options.getRawInput ?? state.getRawInput,
  }
}

/** The `next` of a resolver, after which there is no step. */
async function noNext(): Promise<MiddlewareResult> {
  return { marker, ok: false, error: new TRPCError({ code: 'INTERNAL_SERVER_ERROR' }) }
}
