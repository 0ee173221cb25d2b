import type { CallRecord } from '@mianmi/wechat-sandbox/wx'
import type { TextKey } from '../text/language.ts'
import { isDecision, ofDecision } from './decision.ts'
import { mask } from './mask.ts'
import { decodeTrpc, objectIn, type TrpcExchange } from './trpc-exchange.ts'
import type { WechatCall } from './wechat-calls.ts'

/** One line of the wire, with nothing left in it that must not be shown. */
export interface Entry {
  kind: 'wechat' | 'service' | 'person' | 'phone'
  api: string
  procedures: string[]
  title: string
  /** Such as `mutation` or the key in the storage. */
  detail: string
  ok: boolean
  outcome: string | { key: TextKey }
  /** Milliseconds since the epoch, and how long it took. */
  startedAt: number
  duration: number
  parts: { label: TextKey; heading?: string; value: unknown }[]
}

/** What the mini program did through `wx`. */
export function entryOfRecord(record: CallRecord): Entry {
  const { api, startedAt, endedAt, ok } = record
  const base = { api, procedures: [], ok, startedAt, duration: Math.max(0, endedAt - startedAt) }
  if (isDecision(api)) return { ...base, ...ofDecision(record) }
  const trpc = decodeTrpc(record)
  if (trpc) return { ...base, ...ofTrpc(record, trpc) }
  const input = objectIn(record.input)
  return {
    ...base,
    kind: api === 'request' ? 'service' : api === 'login' ? 'wechat' : 'phone',
    title: `wx.${api}`,
    detail: String(input['key'] ?? addressOf(input['url']) ?? input['title'] ?? ''),
    outcome: ok ? String(objectIn(record.output)['statusCode'] ?? 'ok') : messageOf(record),
    parts: [
      { label: 'wire.input', value: mask(record.input) },
      { label: ok ? 'wire.reply' : 'wire.error', value: mask(record.output) },
    ],
  }
}

type Rest = Omit<Entry, 'api' | 'startedAt' | 'duration'>

function ofTrpc(record: CallRecord, { type, status, calls }: TrpcExchange): Rest {
  const isSeveral = calls.length > 1
  const reasons = calls.flatMap(({ reason }) => reason ?? [])
  const ok = record.ok && reasons.length === 0 && (status ?? 0) < 400
  const parts = calls.flatMap(({ procedure, input, reply, reason }): Entry['parts'] => {
    const heading = isSeveral ? { heading: procedure } : {}
    const asked: Entry['parts'] =
      input === undefined ? [] : [{ label: 'wire.input', ...heading, value: mask(input) }]
    if (!record.ok) return asked
    return [
      ...asked,
      { label: reason ? 'wire.error' : 'wire.reply', ...heading, value: mask(reply) },
    ]
  })
  const { url, method, header } = objectIn(record.input)
  const sent = { url: addressOf(url), method: method ?? 'GET', header: mask(header ?? {}) }
  if (!record.ok) parts.push({ label: 'wire.error', value: mask(record.output) })
  return {
    kind: 'service',
    procedures: calls.map(({ procedure }) => procedure),
    title: calls.map(({ procedure }) => procedure).join(' + '),
    detail: type,
    ok,
    outcome: record.ok ? [status, ...new Set(reasons)].join(' ') : messageOf(record),
    parts: [...parts, { label: 'wire.request', value: sent }],
  }
}

const endpoints: Record<string, string> = {
  '/sns/jscode2session': 'code2Session',
  '/cgi-bin/stable_token': 'getStableAccessToken',
  '/cgi-bin/token': 'getAccessToken',
  '/wxa/business/getuserphonenumber': 'getPhoneNumber',
  '/wxa/checksession': 'checkSessionKey',
  '/wxa/resetusersessionkey': 'ResetUserSessionKey',
}

/** What the service asked WeChat. */
export function entryOfWechatCall(call: WechatCall): Entry {
  const { path, at, durationMs, errcode } = call
  const api = endpoints[path] ?? path
  return {
    kind: 'wechat',
    api,
    procedures: [],
    title: api,
    detail: path,
    ok: errcode === 0,
    outcome: errcode === null ? { key: 'wire.noReply' } : `errcode ${errcode}`,
    startedAt: Date.parse(at),
    duration: durationMs,
    parts: [{ label: 'wire.request', value: mask(call) }],
  }
}

/** The words after `request:fail`. */
function messageOf({ output }: CallRecord): string {
  const message = String(objectIn(output)['errMsg'] ?? 'fail')
  return message.replace(/^\w+:/, '')
}

/** Without the query, which may hold what must not be shown. */
function addressOf(url: unknown): string | undefined {
  return typeof url === 'string' ? url.split('?')[0] : undefined
}
