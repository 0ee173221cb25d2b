import type { CallRecord } from '@mianmi/wechat-sandbox/wx'

/** One `wx.request` to a tRPC service, taken apart. */
export interface TrpcRequest {
  type: 'query' | 'mutation'
  /** HTTP status; undefined where no reply came. */
  status: number | undefined
  calls: TrpcCall[]
}

export interface TrpcCall {
  procedure: string
  input: unknown
  reply: unknown
  /** `reason` of our services, the code of others. */
  reason: string | undefined
}

/** Undefined for requests that are not tRPC's. See https://trpc.io/docs/rpc. */
export function decodeTrpc(record: CallRecord): TrpcRequest | undefined {
  const input = toRecord(record.input)
  const [address = '', query = ''] = String(input['url'] ?? '').split('?')
  const path = address.split('/trpc/')[1]
  if (record.api !== 'request' || !path) return undefined
  const parameters = new URLSearchParams(query)
  const isQuery = String(input['method'] ?? 'GET').toUpperCase() === 'GET'
  const isBatch = parameters.has('batch')
  const asked = parsed(isQuery ? parameters.get('input') : input['data'])
  const output = toRecord(record.output)
  const answered = record.ok ? parsed(output['data']) : undefined
  const procedures = isBatch ? path.split(',') : [path]
  return {
    type: isQuery ? 'query' : 'mutation',
    status: typeof output['statusCode'] === 'number' ? output['statusCode'] : undefined,
    calls: procedures.map((procedure, index) => ({
      procedure,
      input: isBatch ? toRecord(asked)[index] : asked,
      ...replyIn(isBatch && Array.isArray(answered) ? answered[index] : answered),
    })),
  }
}

function replyIn(answered: unknown): Pick<TrpcCall, 'reply' | 'reason'> {
  const { result, error } = toRecord(answered)
  if (error !== undefined) {
    const { reason, code } = toRecord(toRecord(error)['data'])
    return { reply: error, reason: String(reason ?? code ?? 'error') }
  }
  return { reply: result === undefined ? answered : toRecord(result)['data'], reason: undefined }
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || value === '') return value ?? undefined
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

export function toRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
