import type { Operation } from '@trpc/client'
import type { DataTransformer } from './transformer.ts'

/**
 * A call's input as JSON text; undefined when it has none.
 *
 * @throws TypeError for binary input, and for input that cannot be written as JSON
 */
export function encodeInput(input: unknown, transformer: DataTransformer): string | undefined {
  rejectBinary(input)
  return JSON.stringify(transformer.serialize(input))
}

// By tag, because a phone does not have these classes.
const binaryTag = /^\[object (FormData|Blob|File|ReadableStream|ArrayBuffer|\w+Array)\]$/

function rejectBinary(input: unknown): void {
  if (Array.isArray(input)) return
  const tag = Object.prototype.toString.call(input)
  if (!binaryTag.test(tag)) return
  throw new TypeError(
    `wxLink sends JSON only, not ${tag.slice(8, -1)}: use wx.uploadFile for files`,
  )
}

export interface EncodedCall {
  op: Pick<Operation, 'type' | 'path'>
  /** JSON text; undefined without an input. */
  input: string | undefined
}

type EncodedCalls = readonly [EncodedCall, ...EncodedCall[]]

export interface EncodedRequest {
  url: string
  method: 'GET' | 'POST'
  body: string | undefined
}

/**
 * Address and body in tRPC's HTTP protocol (https://trpc.io/docs/rpc). One call alone is sent
 * without a batch. `url` may contain a query string, which is kept.
 */
export function encodeRequest(
  url: string,
  calls: EncodedCalls,
  isQuery: boolean = calls[0].op.type === 'query',
): EncodedRequest {
  const batch = calls.length > 1
  const [base = '', ownQuery] = url.split('?')
  const input = batch ? batchInput(calls) : calls[0].input
  const query = ownQuery ? [ownQuery] : []
  if (batch) query.push('batch=1')
  if (isQuery && input !== undefined) query.push(`input=${encodeURIComponent(input)}`)
  const path = calls.map(({ op }) => op.path).join()
  const address = `${base.replace(/\/$/, '')}/${path}${query.length > 0 ? `?${query.join('&')}` : ''}`
  return { url: address, method: isQuery ? 'GET' : 'POST', body: isQuery ? undefined : input }
}

/** A call without an input is left out; the server reads that as undefined. */
function batchInput(calls: EncodedCalls): string {
  const entries = calls.map(({ input }, index) => input && `"${index}":${input}`)
  return `{${entries.filter(Boolean).join()}}`
}

/** A header with the value undefined is not sent. */
export type LinkHeaders = Record<string, string | undefined>

/** Merges headers by name, in any case. A later layer overrides an earlier one. */
export function mergeHeaders(...layers: (LinkHeaders | undefined)[]): Record<string, string> {
  const merged: Record<string, string> = {}
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer ?? {})) {
      if (value !== undefined) merged[name.toLowerCase()] = value
    }
  }
  return merged
}

/** Headers that an earlier link has put into the call's context. */
export function contextHeaders(context: Record<string, unknown>): LinkHeaders {
  const headers = context['headers']
  return typeof headers === 'object' && headers !== null ? (headers as LinkHeaders) : {}
}

/** Calls share a request only when this key is equal, so that a call is never sent with the token of another. */
export function headersKey(headers: LinkHeaders): string {
  return JSON.stringify(Object.entries(mergeHeaders(headers)).sort())
}
