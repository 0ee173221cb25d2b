import { TRPCError } from '@trpc/server'
import type { Call, Exchange } from '../exchange.ts'

/**
 * The inputs of all calls by their place, read when a first procedure asks for its own. One that
 * cannot be read fails every call that asks, with one and the same error.
 */
export async function readInputs(exchange: Exchange): Promise<readonly unknown[]> {
  if (exchange.inputs !== undefined) return exchange.inputs
  exchange.reading ??= parseInputs(exchange).catch((cause: unknown) => {
    throw refusalOf(cause)
  })
  exchange.inputs = await exchange.reading
  return exchange.inputs
}

/** A call's input as far as somebody has read it, for whoever reports what went wrong. */
export function inputSoFar(exchange: Exchange, call: Call): unknown {
  return exchange.inputs?.[call.index]
}

/** The same at once, where no other call and nobody else can be reading; throws. */
export function readInputNow(exchange: Exchange): unknown {
  try {
    exchange.inputs = parseAll(exchange)
  } catch (cause) {
    throw refusalOf(cause)
  }
  return exchange.inputs[0]
}

export function canReadNow(exchange: Exchange): boolean {
  return !exchange.isBatch && exchange.reading === undefined && exchange.inputs === undefined
}

// Async although nothing is awaited: who reports another call's failure sees the input at the same
// moment as with the official handler.
async function parseInputs(exchange: Exchange): Promise<readonly unknown[]> {
  return parseAll(exchange)
}

function parseAll(exchange: Exchange): readonly unknown[] {
  const inputs: unknown[] = []
  const { text } = exchange
  if (text === null || text === '') return inputs
  const transformer = exchange.service.config.transformer.input
  const parsed: unknown = JSON.parse(text)
  if (!exchange.isBatch) {
    inputs[0] = transformer.deserialize(parsed)
    return inputs
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new TRPCError({
      code: 'BAD_REQUEST',
      message: '"input" needs to be an object when doing a batch call',
    })
  const sent = parsed as Record<number, unknown>
  for (let index = 0; index < exchange.calls.length; index++) {
    const input = sent[index]
    if (input !== undefined) inputs[index] = transformer.deserialize(input)
  }
  return inputs
}

function refusalOf(cause: unknown): TRPCError {
  if (cause instanceof TRPCError) return cause
  return new TRPCError({
    code: 'BAD_REQUEST',
    message: cause instanceof Error ? cause.message : 'Invalid input',
    cause,
  })
}
