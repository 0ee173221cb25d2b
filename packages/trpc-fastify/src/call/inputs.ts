import { TRPCError } from '@trpc/server'
import type { RpcCall, RpcRequest } from '../rpc-request.ts'

/**
 * The inputs of all calls by their index, parsed when the first procedure reads its own. When they cannot be parsed,
 * every call that reads its input fails with the same BAD_REQUEST error.
 */
export async function readInputs(rpc: RpcRequest): Promise<readonly unknown[]> {
  if (rpc.inputs !== undefined) return rpc.inputs
  rpc.inputsPromise ??= parseInputsAsync(rpc).catch((cause: unknown) => {
    throw badRequestError(cause)
  })
  rpc.inputs = await rpc.inputsPromise
  return rpc.inputs
}

/** A call's input if the inputs are parsed already, for error reports. */
export function parsedInputOf(rpc: RpcRequest, call: RpcCall): unknown {
  return rpc.inputs?.[call.index]
}

/** As `readInputs`, without a promise. Only when `canReadInputSync`. @throws TRPCError BAD_REQUEST */
export function readInputSync(rpc: RpcRequest): unknown {
  try {
    rpc.inputs = parseInputs(rpc)
  } catch (cause) {
    throw badRequestError(cause)
  }
  return rpc.inputs[0]
}

/** Whether nothing else can be reading the inputs. */
export function canReadInputSync(rpc: RpcRequest): boolean {
  return !rpc.isBatch && rpc.inputsPromise === undefined && rpc.inputs === undefined
}

// Async although nothing is awaited: an error report of another call then sees the input at the same moment as with
// the official handler.
async function parseInputsAsync(rpc: RpcRequest): Promise<readonly unknown[]> {
  return parseInputs(rpc)
}

function parseInputs(rpc: RpcRequest): readonly unknown[] {
  const inputs: unknown[] = []
  const { inputText } = rpc
  if (inputText === null || inputText === '') return inputs
  const transformer = rpc.router.config.transformer.input
  const parsed: unknown = JSON.parse(inputText)
  if (!rpc.isBatch) {
    inputs[0] = transformer.deserialize(parsed)
    return inputs
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new TRPCError({
      code: 'BAD_REQUEST',
      message: '"input" needs to be an object when doing a batch call',
    })
  const inputByIndex = parsed as Record<number, unknown>
  for (let index = 0; index < rpc.calls.length; index++) {
    const input = inputByIndex[index]
    if (input !== undefined) inputs[index] = transformer.deserialize(input)
  }
  return inputs
}

function badRequestError(cause: unknown): TRPCError {
  if (cause instanceof TRPCError) return cause
  return new TRPCError({
    code: 'BAD_REQUEST',
    message: cause instanceof Error ? cause.message : 'Invalid input',
    cause,
  })
}
