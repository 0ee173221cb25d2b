import { TRPCError } from '@trpc/server'
import type { Parse } from './chain.ts'
import { canReadNow, readInputNow } from './inputs.ts'
import type { Place, Running } from './options.ts'
import { isThenable } from './thenable.ts'

export async function parseInput(parse: Parse, place: Place): Promise<Place> {
  return withInput(place, await parsedInput(parse, await place.getRawInput()))
}

/** In straight calls the first parser meets an input that nobody has read yet. */
export function parseStraight(
  running: Running,
  parse: Parse,
  place: Place,
): Place | Promise<Place> {
  if (!canReadNow(running.exchange)) return parseInput(parse, place)
  const parsed = parsedInput(parse, readInputNow(running.exchange))
  if (!isThenable(parsed)) return withInput(place, parsed)
  return Promise.resolve(parsed).then((input) => withInput(place, input))
}

function parsedInput(parse: Parse, raw: unknown): unknown {
  try {
    const parsed = parse(raw)
    return isThenable(parsed) ? Promise.resolve(parsed).catch(refuseInput) : parsed
  } catch (cause) {
    return refuseInput(cause)
  }
}

function refuseInput(cause: unknown): never {
  throw new TRPCError({ code: 'BAD_REQUEST', cause })
}

/** What several parsers give is put together where all are objects. */
function withInput({ context, input: before, getRawInput }: Place, parsed: unknown): Place {
  const input = isRecord(before) && isRecord(parsed) ? { ...before, ...parsed } : parsed
  return { context, input, getRawInput }
}

/** A promise only where the parser gives one; throws. */
export function parseOutput(parse: Parse, data: unknown): unknown {
  try {
    const parsed = parse(data)
    return isThenable(parsed) ? Promise.resolve(parsed).catch(refuseOutput) : parsed
  } catch (cause) {
    return refuseOutput(cause)
  }
}

function refuseOutput(cause: unknown): never {
  throw new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: 'Output validation failed', cause })
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
