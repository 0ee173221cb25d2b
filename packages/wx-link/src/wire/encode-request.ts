import type { Operation } from '@trpc/client'
import { fieldsOf } from './fields.ts'
import type { DataTransformer } from './transformer.ts'

/**
 * A call's input as JSON text; undefined when it has none.
 *
 * @throws TypeError for subscriptions, for binary input, and for input that cannot be written as JSON
 */
export const encodeInput = (
  { type, input }: Pick<Operation, 'type' | 'input'>,
  transformer: DataTransformer,
): string | undefined => {
  const what = type === 'subscription' ? type : {}.toString.call(input)
  // FormData, Blob, File, ReadableStream, ArrayBuffer, DataView, Uint8Array …: by tag, because a phone does not have all of these classes.
  if (/^sub|(Data|Blob|File|Stream|Buffer|View|\wArray)\]$/.test(what))
    throw new TypeError(`wxLink sends JSON only, no ${what}`)
  return JSON.stringify(transformer.serialize(input))
}

export interface EncodedCall {
  op: Pick<Operation, 'type' | 'path'>
  /** JSON text; undefined without an input. */
  input: string | undefined
}

type EncodedCalls = readonly [EncodedCall, ...EncodedCall[]]

export interface EncodeOptions {
  /** Address of the tRPC router. It may contain a query string, which is kept. */
  url: string
  /** Characters of a query's address. */
  maxURLLength?: number
  /** A query whose address would be longer than `maxURLLength` is sent by this method. */
  methodOverride?: 'POST' | undefined
}

/** Fields of the options of wx.request. */
export interface EncodedRequest {
  url: string
  method: 'GET' | 'POST'
  data?: string
}

/**
 * Address and body in tRPC's HTTP protocol (https://trpc.io/docs/rpc). One call alone is sent
 * without a batch. `isTooLong`: it is a query whose address, with its input, is longer than `maxURLLength`.
 */
export const encodeRequest = (
  { url, maxURLLength = 2000, methodOverride }: EncodeOptions,
  calls: EncodedCalls,
): readonly [request: EncodedRequest, isTooLong: boolean] => {
  const [first] = calls
  const isBatch = calls.length > 1
  // A call without an input is left out; the server reads that as undefined.
  const inputs = calls.map((call, index) => call.input && `"${index}":${call.input}`)
  const input = isBatch ? `{${inputs.filter(Boolean).join()}}` : first.input
  const path = `/${calls.map((call) => call.op.path).join()}`
  // Before the query of its own that an address may have.
  const procedures = url.replace(/\/?(\?|$)/, (_, end) => path + end)
  const base = isBatch ? withQuery(procedures, 'batch=1') : procedures
  const address = input ? withQuery(base, `input=${encodeURIComponent(input)}`) : base
  const isQuery = first.op.type === 'query'
  const isTooLong = isQuery && address.length > maxURLLength
  const request: EncodedRequest =
    isQuery && !(isTooLong && methodOverride)
      ? { url: address, method: 'GET' }
      : { url: base, method: 'POST', data: input as string }
  return [request, isTooLong]
}

const withQuery = (address: string, query: string): string =>
  `${address}${address.includes('?') ? '&' : '?'}${query}`

/** A header with the value undefined is not sent. */
export type LinkHeaders = Record<string, string | undefined>

/** Merges headers by name, in any case. A later layer overrides an earlier one. */
export const mergeHeaders = (...layers: (object | undefined | false)[]): Record<string, string> => {
  const merged: Record<string, string> = {}
  for (const layer of layers) {
    for (const [name, value] of Object.entries(fieldsOf(layer))) {
      if (value !== undefined) merged[name.toLowerCase()] = value as string
    }
  }
  return merged
}
