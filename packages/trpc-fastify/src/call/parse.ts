import { TRPCError } from '@trpc/server'
import { canReadInputSync, readInputSync } from './inputs.ts'
import type { Parse } from './procedure-chain.ts'
import type { RunningCall, StepState } from './resolver-options.ts'

/** Whether `await` would wait for a value. A value that is not a promise need not cost a microtask. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}

/** The state after an input parser. @throws TRPCError BAD_REQUEST */
export async function parseInput(parse: Parse, state: StepState): Promise<StepState> {
  return withInput(state, await runInputParser(parse, await state.getRawInput()))
}

/** As `parseInput` in a procedure without middlewares: returns a promise only when it has to wait. */
export function parseInputEarly(
  running: RunningCall,
  parse: Parse,
  state: StepState,
): StepState | Promise<StepState> {
  if (!canReadInputSync(running.rpc)) return parseInput(parse, state)
  const parsed = runInputParser(parse, readInputSync(running.rpc))
  if (!isThenable(parsed)) return withInput(state, parsed)
  return Promise.resolve(parsed).then((input) => withInput(state, input))
}

function runInputParser(parse: Parse, rawInput: unknown): unknown {
  try {
    const parsed = parse(rawInput)
    return isThenable(parsed) ? Promise.resolve(parsed).catch(throwInputError) : parsed
  } catch (cause) {
    return throwInputError(cause)
  }
}

function throwInputError(cause: unknown): never {
  throw new TRPCError({ code: 'BAD_REQUEST', cause })
}

/** The results of several parsers are merged when all are objects. */
function withInput(
  { context, input: previous, getRawInput }: StepState,
  parsed: unknown,
): StepState {
  const input = isRecord(previous) && isRecord(parsed) ? { ...previous, ...parsed } : parsed
  return { context, input, getRawInput }
}

/** The result of an output parser; a promise only when the parser returns one. @throws TRPCError */
export function parseOutput(parse: Parse, data: unknown): unknown {
  try {
    const parsed = parse(data)
    return isThenable(parsed) ? Promise.resolve(parsed).catch(throwOutputError) : parsed
  } catch (cause) {
    return throwOutputError(cause)
  }
}

function throwOutputError(cause: unknown): never {
  throw new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: 'Output validation failed', cause })
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
