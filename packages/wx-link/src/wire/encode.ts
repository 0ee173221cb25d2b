export interface Serializer {
  serialize(input: unknown): unknown
}

/** A call's input as JSON text; undefined where it has none. Throws where it cannot be JSON. */
export function encodeInput(input: unknown, serializer: Serializer): string | undefined {
  refuseBinary(input)
  return JSON.stringify(serializer.serialize(input))
}

// By tag, because a phone has none of these classes to compare with.
const binaryTag = /^\[object (FormData|Blob|File|ReadableStream|ArrayBuffer|\w+Array)\]$/

function refuseBinary(input: unknown): void {
  if (Array.isArray(input)) return
  const tag = Object.prototype.toString.call(input)
  if (!binaryTag.test(tag)) return
  throw new TypeError(
    `wxLink sends JSON only, not ${tag.slice(8, -1)}: use wx.uploadFile for files`,
  )
}

export interface EncodedCall {
  path: string
  input: string | undefined
}

export interface EncodedRequest {
  url: string
  method: 'GET' | 'POST'
  body: string | undefined
}

/**
 * Address and body in tRPC's HTTP protocol (https://trpc.io/docs/rpc). A lone call goes
 * unbatched. `url` may carry a query of its own.
 */
export function encodeRequest(
  url: string,
  type: 'query' | 'mutation',
  calls: readonly EncodedCall[],
): EncodedRequest {
  const batch = calls.length > 1
  const [base = '', ownQuery] = url.split('?')
  const input = batch ? batchInput(calls) : calls[0]?.input
  const query = ownQuery ? [ownQuery] : []
  if (batch) query.push('batch=1')
  if (type === 'query' && input !== undefined) query.push(`input=${encodeURIComponent(input)}`)
  const path = calls.map((call) => call.path).join(',')
  const address = `${base.replace(/\/$/, '')}/${path}${query.length > 0 ? `?${query.join('&')}` : ''}`
  if (type === 'query') return { url: address, method: 'GET', body: undefined }
  return { url: address, method: 'POST', body: input }
}

/** A call without an input is left out, which the server reads as undefined. */
function batchInput(calls: readonly EncodedCall[]): string {
  const parts: string[] = []
  calls.forEach((call, index) => {
    if (call.input !== undefined) parts.push(`"${index}":${call.input}`)
  })
  return `{${parts.join(',')}}`
}

export type LinkHeaders = Record<string, string | undefined>

/** Later ones win, whatever the case of their names; undefined leaves a header out. */
export function mergeHeaders(...layers: (LinkHeaders | undefined)[]): Record<string, string> {
  const merged: Record<string, string> = {}
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer ?? {})) {
      if (value !== undefined) merged[name.toLowerCase()] = value
    }
  }
  return merged
}

/** Headers that a link before this one has put into the call's context. */
export function contextHeaders(context: Record<string, unknown>): LinkHeaders {
  const headers = context['headers']
  return typeof headers === 'object' && headers !== null ? (headers as LinkHeaders) : {}
}

/** Equal for calls that may share a request: one caller's token must not serve another's call. */
export function headersKey(headers: LinkHeaders): string {
  return JSON.stringify(Object.entries(mergeHeaders(headers)).sort())
}
