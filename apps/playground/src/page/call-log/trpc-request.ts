import type { CallRecord } from '@mianmi/wechat-sandbox/wx'

/** A `wx.request` to a tRPC service, decoded. */
export interface TrpcRequest {
  /** By HTTP method. */
  type: 'query' | 'mutation'
  /** HTTP status; undefined where there was no reply. */
  status: number | undefined
  /** The calls of the batch, or the single call. */
  calls: TrpcCall[]
}

export interface TrpcCall {
  procedure: string
  input: unknown
  reply: unknown
  /** The `reason` of a mianmi error, the tRPC code of other errors; undefined for a success. */
  reason: string | undefined
}

/**
 * Decodes a record; undefined for other requests.
 *
 * @see https://trpc.io/docs/rpc
 */
export function decodeTrpc(record: CallRecord): TrpcRequest | undefined {
  const input = toRecord(record.input)
  const [address = '', query = ''] = String(input['url'] ?? '').split('?')
  const path = address.split('/trpc/')[1]
  if (record.api !== 'request' || !path) return undefined
  const parameters = new URLSearchParams(query)
  const isQuery = String(input['method'] ?? 'GET').toUpperCase() === 'GET'
  const isBatch = parameters.has('batch')
  const sentInput = parseJson(isQuery ? parameters.get('input') : input['data'])
  const output = toRecord(record.output)
  const received = record.ok ? parseJson(output['data']) : undefined
  const procedures = isBatch ? path.split(',') : [path]
  return {
    type: isQuery ? 'query' : 'mutation',
    status: typeof output['statusCode'] === 'number' ? output['statusCode'] : undefined,
    calls: procedures.map((procedure, index) => ({
      procedure,
      input: isBatch ? toRecord(sentInput)[index] : sentInput,
      ...decodeReply(isBatch && Array.isArray(received) ? received[index] : received),
    })),
  }
}

function decodeReply(received: unknown): Pick<TrpcCall, 'reply' | 'reason'> {
  const { result, error } = toRecord(received)
  if (error !== undefined) {
    const { reason, code } = toRecord(toRecord(error)['data'])
    return { reply: error, reason: String(reason ?? code ?? 'error') }
  }
  return { reply: result === undefined ? received : toRecord(result)['data'], reason: undefined }
}

function parseJson(value: unknown): unknown {
  if (typeof value !== 'string' || value === '') return value ?? undefined
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

/** The properties of an object; an empty object for other values. */
export function toRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
