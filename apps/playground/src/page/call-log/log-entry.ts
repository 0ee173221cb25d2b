import type { CallRecord } from '@mianmi/wechat-sandbox/wx'
import type { TextKey } from '../text/language.ts'
import { isConsentApi, toConsentEntry } from './consent-entry.ts'
import { maskSecrets } from './mask-secrets.ts'
import { decodeTrpc, type TrpcRequest, toRecord } from './trpc-request.ts'
import type { WechatCall } from './wechat-call-poller.ts'

/** A row of the call log; secrets are masked. */
export interface LogEntry {
  /** Who handles the call: WeChat, the service, the user, or the phone itself. */
  kind: 'wechat' | 'service' | 'person' | 'phone'
  /** The API of `wx`, or of WeChat's server. */
  api: string
  /** The tRPC procedures of the call. */
  procedures: string[]
  /** The name that is shown. */
  title: string
  /** Such as `mutation`, or the key in the storage. */
  detail: string
  /** Whether the call succeeded. */
  ok: boolean
  /** The status, or a text in the current language. */
  outcome: string | { key: TextKey }
  /** Milliseconds since the epoch. */
  startedAt: number
  /** Milliseconds. */
  duration: number
  /** What the row shows when it is opened. */
  parts: { label: TextKey; heading?: string; value: unknown }[]
}

/** Converts a call of `wx`. */
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
    const inputParts: LogEntry['parts'] =
      input === undefined ? [] : [{ label: 'log.input', ...heading, value: maskSecrets(input) }]
    if (!record.ok) return inputParts
    return [
      ...inputParts,
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

/** Converts a call of the service to WeChat. */
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

/** The message after `API:`. */
function messageOf({ output }: CallRecord): string {
  const message = String(toRecord(output)['errMsg'] ?? 'fail')
  return message.replace(/^\w+:/, '')
}

/** The URL without the query, which may contain secrets. */
function addressOf(url: unknown): string | undefined {
  return typeof url === 'string' ? url.split('?')[0] : undefined
}
