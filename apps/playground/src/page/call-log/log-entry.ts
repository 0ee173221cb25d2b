import type { CallRecord } from '@mianmi/wechat-sandbox/wx'
import type { TextKey } from '../text/language.ts'
import { isConsentApi, toConsentEntry } from './consent-entry.ts'
import { maskSecrets } from './mask-secrets.ts'
import { decodeTrpc, type TrpcRequest, toRecord } from './trpc-request.ts'
import type { WechatCall } from './wechat-call-poller.ts'

/** One line of the wire, with nothing left in it that must not be shown. */
export interface LogEntry {
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
export function toLogEntry(record: CallRecord): LogEntry {
  const { api, startedAt, endedAt, ok } = record
  const base = { api, procedures: [], ok, startedAt, duration: Math.max(0, endedAt - startedAt) }
  if (isConsentApi(api)) return { ...base, ...toConsentEntry(record) }
  const trpc = decodeTrpc(record)
  if (trpc) return { ...base, ...ofTrpc(record, trpc) }
  const input = toRecord(record.input)
  return {
    ...base,
    kind: api === 'request' ? 'service' : api === 'login' ? 'wechat' : 'phone',
    title: `wx.${api}`,
    detail: String(input['key'] ?? addressOf(input['url']) ?? input['title'] ?? ''),
    outcome: ok ? String(toRecord(record.output)['statusCode'] ?? 'ok') : messageOf(record),
    parts: [
      { label: 'log.input', value: maskSecrets(record.input) },
      { label: ok ? 'log.reply' : 'log.error', value: maskSecrets(record.output) },
    ],
  }
}

type Rest = Omit<LogEntry, 'api' | 'startedAt' | 'duration'>

function ofTrpc(record: CallRecord, { type, status, calls }: TrpcRequest): Rest {
  const isSeveral = calls.length > 1
  const reasons = calls.flatMap(({ reason }) => reason ?? [])
  const ok = record.ok && reasons.length === 0 && (status ?? 0) < 400
  const parts = calls.flatMap(({ procedure, input, reply, reason }): LogEntry['parts'] => {
    const heading = isSeveral ? { heading: procedure } : {}
    const asked: LogEntry['parts'] =
      input === undefined ? [] : [{ label: 'log.input', ...heading, value: maskSecrets(input) }]
    if (!record.ok) return asked
    return [
      ...asked,
      { label: reason ? 'log.error' : 'log.reply', ...heading, value: maskSecrets(reply) },
    ]
  })
  const { url, method, header } = toRecord(record.input)
  const sent = { url: addressOf(url), method: method ?? 'GET', header: maskSecrets(header ?? {}) }
  if (!record.ok) parts.push({ label: 'log.error', value: maskSecrets(record.output) })
  return {
    kind: 'service',
    procedures: calls.map(({ procedure }) => procedure),
    title: calls.map(({ procedure }) => procedure).join(' + '),
    detail: type,
    ok,
    outcome: record.ok ? [status, ...new Set(reasons)].join(' ') : messageOf(record),
    parts: [...parts, { label: 'log.request', value: sent }],
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
export function wechatCallToLogEntry(call: WechatCall): LogEntry {
  const { path, at, durationMs, errcode } = call
  const api = endpoints[path] ?? path
  return {
    kind: 'wechat',
    api,
    procedures: [],
    title: api,
    detail: path,
    ok: errcode === 0,
    outcome: errcode === null ? { key: 'log.noReply' } : `errcode ${errcode}`,
    startedAt: Date.parse(at),
    duration: durationMs,
    parts: [{ label: 'log.request', value: maskSecrets(call) }],
  }
}

/** The words after `request:fail`. */
function messageOf({ output }: CallRecord): string {
  const message = String(toRecord(output)['errMsg'] ?? 'fail')
  return message.replace(/^\w+:/, '')
}

/** Without the query, which may hold what must not be shown. */
function addressOf(url: unknown): string | undefined {
  return typeof url === 'string' ? url.split('?')[0] : undefined
}
