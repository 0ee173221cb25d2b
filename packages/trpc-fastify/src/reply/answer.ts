import { getTRPCErrorFromUnknown, TRPCError } from '@trpc/server'
import { contextOptionsOf } from '../call/info.ts'
import { invoke } from '../call/invoke.ts'
import { isThenable } from '../call/thenable.ts'
import type { Call, Exchange } from '../exchange.ts'
import { isDataStream } from './data-stream.ts'
import { answerFailure, reportCall, shapeOf } from './failure.ts'
import { send, statusOf } from './send.ts'
import { writeItem } from './wire.ts'

/** Makes the calls and replies, whatever happens; never rejects. */
export async function answer(exchange: Exchange): Promise<void> {
  try {
    if (exchange.refusal !== null) throw exchange.refusal
    if (exchange.isBatch && !exchange.service.allowBatching)
      throw new TRPCError({
        code: 'BAD_REQUEST',
        message: 'Batching is not enabled on the server',
      })
    const opening = openContext(exchange)
    if (opening !== undefined) await opening
    const [call] = exchange.calls
    if (exchange.isBatch || call === undefined) await answerBatch(exchange)
    else {
      // Awaited here and not in a function of its own: a promise less for each request.
      let data: unknown
      try {
        checkMethod(exchange, call)
        const result = invoke(exchange, call)
        data = isThenable(result) ? await result : result
      } catch (cause) {
        const error = getTRPCErrorFromUnknown(cause)
        reportCall(exchange, call, error)
        answerError(exchange, call, error)
        return
      }
      answerData(exchange, data)
    }
  } catch (cause) {
    answerFailure(exchange, cause)
  }
}

interface Attempt {
  readonly error: TRPCError | undefined
  readonly data: unknown
}

function answerData(exchange: Exchange, data: unknown): void {
  exchange.contentType = 'application/json'
  if (isDataStream(data)) throw noStream()
  const { config, options } = exchange.service
  const item = { result: { data } }
  const status = options.responseMeta === undefined ? 200 : statusOf(exchange, [item], [])
  send(exchange, status, JSON.stringify(writeItem(config, item)))
}

function answerError(exchange: Exchange, call: Call, error: TRPCError): void {
  exchange.contentType = 'application/json'
  const item = { error: shapeOf(exchange, call, { error, type: exchange.type }) }
  const status = statusOf(exchange, [item], [error])
  send(exchange, status, JSON.stringify(writeItem(exchange.service.config, item)))
}

async function answerBatch(exchange: Exchange): Promise<void> {
  const attempts = await Promise.all(exchange.calls.map((call) => attempt(exchange, call)))
  exchange.contentType = 'application/json'
  const errors = attempts.map(({ error, data }) => {
    return error === undefined && isDataStream(data) ? noStream() : error
  })
  const items = exchange.calls.map((call, index) => {
    const error = errors[index]
    if (error === undefined) return { result: { data: attempts[index]?.data } }
    return { error: shapeOf(exchange, call, { error, type: call.known?.type ?? 'unknown' }) }
  })
  const status = statusOf(exchange, items, errors)
  const { config } = exchange.service
  send(exchange, status, JSON.stringify(items.map((item) => writeItem(config, item))))
}

async function attempt(exchange: Exchange, call: Call): Promise<Attempt> {
  try {
    checkMethod(exchange, call)
    return { error: undefined, data: await invoke(exchange, call) }
  } catch (cause) {
    const error = getTRPCErrorFromUnknown(cause)
    reportCall(exchange, call, error)
    return { error, data: undefined }
  }
}

/** Throws unless the procedure, if there is one, may be called by this method and has a context. */
function checkMethod(exchange: Exchange, call: Call): void {
  const { known } = call
  if (known === null) return
  const { method } = exchange.request.raw
  const accepted = exchange.service.accepted[known.type]
  if (method === undefined || !accepted.includes(method)) {
    // RFC 9110 §15.5.6: a 405 names the methods that would do.
    exchange.allow = accepted.join(', ')
    throw new TRPCError({
      code: 'METHOD_NOT_SUPPORTED',
      message: `Unsupported ${method}-request to ${known.type} procedure at path "${call.path}"`,
    })
  }
  if (exchange.contextFailure !== undefined) throw exchange.contextFailure
}

/** Fills the exchange's context; a promise only where the service's own function gives one. */
function openContext(exchange: Exchange): Promise<void> | undefined {
  try {
    const made = exchange.service.options.createContext?.(contextOptionsOf(exchange))
    if (isThenable(made)) return awaitContext(exchange, made)
    exchange.context = made
  } catch (cause) {
    exchange.contextFailure = getTRPCErrorFromUnknown(cause)
  }
  return undefined
}

async function awaitContext(exchange: Exchange, made: PromiseLike<unknown>): Promise<void> {
  try {
    exchange.context = await made
  } catch (cause) {
    exchange.contextFailure = getTRPCErrorFromUnknown(cause)
  }
}

function noStream(): TRPCError {
  return new TRPCError({
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message: 'Cannot use stream-like response in non-streaming request - use httpBatchStreamLink',
  })
}
