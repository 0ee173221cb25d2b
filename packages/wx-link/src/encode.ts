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
