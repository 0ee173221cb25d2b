import {
  getTRPCErrorFromUnknown,
  getTRPCErrorShape,
  type TRPCError,
  type TRPCProcedureType,
} from '@trpc/server'
import { inputSoFar } from '../call/inputs.ts'
import type { Call, Exchange } from '../exchange.ts'
import { send, statusOf } from './send.ts'
import { writeItem } from './wire.ts'

interface Failed {
  readonly error: TRPCError
  readonly type: TRPCProcedureType | 'unknown'
}

export function reportCall(exchange: Exchange, call: Call, error: TRPCError): void {
  exchange.service.options.onError?.({
    error,
    path: call.path,
    input: inputSoFar(exchange, call),
    ctx: exchange.context,
    type: call.known?.type ?? 'unknown',
    req: exchange.request,
  })
}

/** What the client is told of a call's error, by the router's own formatter. */
export function shapeOf(exchange: Exchange, call: Call, { error, type }: Failed): Shape {
  return getTRPCErrorShape({
    config: exchange.service.config,
    error,
    type,
    path: call.path,
    input: inputSoFar(exchange, call),
    ctx: exchange.context,
  })
}

type Shape = ReturnType<typeof getTRPCErrorShape>

/**
 * Replies to what fails as a whole: what could not be read, a result that cannot be written as JSON,
 * and whatever the service's own `onError`, `errorFormatter` and `responseMeta` throw. Where these throw
 * once more, the error is Fastify's to answer.
 */
export function answerFailure(exchange: Exchange, cause: unknown): void {
  try {
    sendFailure(exchange, getTRPCErrorFromUnknown(cause))
  } catch (again) {
    exchange.reply.send(again instanceof Error ? again : new Error(String(again)))
  }
}

function sendFailure(exchange: Exchange, error: TRPCError): void {
  const { config, options } = exchange.service
  const { type, context } = exchange
  const path = undefined
  const input = undefined
  options.onError?.({ error, path, input, ctx: context, type, req: exchange.request })
  const item = { error: getTRPCErrorShape({ config, error, type, path, input, ctx: context }) }
  const body = JSON.stringify(writeItem(config, item))
  send(exchange, statusOf(exchange, item, [error]), body)
}
