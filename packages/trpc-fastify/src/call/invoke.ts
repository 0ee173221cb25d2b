import { type AnyTRPCProcedure, getTRPCErrorFromUnknown, TRPCError } from '@trpc/server'
import type { Call, Exchange } from '../exchange.ts'
import { signalOf } from './abort.ts'
import type { Outcome, Parse } from './chain.ts'
import { optionsOf, type Place, type Running } from './options.ts'
import { parseInput, parseOutput, parseStraight } from './parse.ts'

/** Calls a procedure as tRPC would: gives its result or a promise of it, or throws. */
export function invoke(exchange: Exchange, call: Call): unknown {
  const { known } = call
  if (known === null)
    throw new TRPCError({
      code: 'NOT_FOUND',
      message: `No procedure found on path "${call.path}"`,
    })
  const { chain, type } = known
  if (chain === null) return invokeWhole(exchange, call, known.procedure)
  const running: Running = { exchange, call, chain, type }
  const place: Place = {
    context: exchange.context,
    input: undefined,
    getRawInput: call.getRawInput,
  }
  if (chain.levels.length === 0) return chain.resolver(optionsOf(running, place, endless))
  return chain.straight ? runStraight(running, place) : runLevels(running, place)
}

function invokeWhole(exchange: Exchange, call: Call, procedure: AnyTRPCProcedure): unknown {
  const run = procedure as unknown as (options: object) => unknown
  return run({
    path: call.path,
    getRawInput: call.getRawInput,
    ctx: exchange.context,
    type: procedure._def.type,
    signal: signalOf(exchange),
    batchIndex: call.index,
  })
}

/** Where there are only parsers, it does not matter how they are nested. */
async function runStraight(running: Running, start: Place): Promise<unknown> {
  const { levels, resolver } = running.chain
  let place = start
  let output: Parse | null = null
  for (const level of levels) {
    if (level.kind === 'input') {
      const parsed = parseStraight(running, level.parse, place)
      place = parsed instanceof Promise ? await parsed : parsed
    }
    if (level.kind === 'output') output = level.parse
  }
  const data = await resolver(optionsOf(running, place, endless))
  return output === null ? data : parseOutput(output, data)
}

async function runLevels(running: Running, place: Place): Promise<unknown> {
  const outcome = await runLevel(running, 0, place)
  if (!outcome)
    throw new TRPCError({
      code: 'INTERNAL_SERVER_ERROR',
      message: 'No result from middlewares - did you forget to `return next()`?',
    })
  if (!outcome.ok) throw outcome.error
  return outcome.data
}

/** Never rejects: a middleware sees what went wrong below it as an outcome. */
async function runLevel(running: Running, index: number, place: Place): Promise<Outcome> {
  try {
    const level = running.chain.levels[index]
    if (level === undefined) {
      const data = await running.chain.resolver(optionsOf(running, place, endless))
      return { marker, ok: true, data, ctx: place.context }
    }
    if (level.kind === 'input')
      return await runLevel(running, index + 1, await parseInput(level.parse, place))
    if (level.kind === 'output') {
      const outcome = await runLevel(running, index + 1, place)
      return outcome.ok
        ? { ...outcome, data: await parseOutput(level.parse, outcome.data) }
        : outcome
    }
    const next = (passed?: Passed) =>
      runLevel(running, index + 1, passed ? moved(place, passed) : place)
    return await level.run(optionsOf(running, place, next))
  } catch (cause) {
    return { marker, ok: false, error: getTRPCErrorFromUnknown(cause) }
  }
}

const marker = 'middlewareMarker'

/** What a middleware may give its `next`. */
interface Passed {
  readonly ctx?: object
  readonly input?: unknown
  readonly getRawInput?: () => Promise<unknown>
}

function moved(place: Place, passed: Passed): Place {
  return {
    context: passed.ctx ? { ...(place.context as object), ...passed.ctx } : place.context,
    input: 'input' in passed ? passed.input : place.input,
    getRawInput: passed.getRawInput ?? place.getRawInput,
  }
}

/** A resolver is the last: there is nothing after it. */
async function endless(): Promise<Outcome> {
  return { marker, ok: false, error: new TRPCError({ code: 'INTERNAL_SERVER_ERROR' }) }
}
