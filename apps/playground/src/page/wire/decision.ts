import type { CallRecord } from '@mianmi/wechat-sandbox/wx'
import type { TextKey } from '../text/language.ts'
import { mask } from './mask.ts'
import { objectIn } from './trpc-exchange.ts'

// Told by `wx` and by the simulator under these names; the phone's own APIs come with their prefix.
const asked = ['scopeDialog', 'privacyConsent', 'agreePrivacyAuthorization']
const apis = [
  'authorize',
  'openSetting',
  'getLocation',
  'requirePrivacyAuthorize',
  'openPrivacyContract',
]

/** Whether a call is about what the person allows. */
export function isDecision(api: string): boolean {
  return asked.includes(api) || apis.includes(api) || api.startsWith('button.')
}

interface Decision {
  kind: 'person'
  title: string
  /** What was asked for. */
  detail: string
  ok: boolean
  outcome: string | { key: TextKey }
  parts: { label: TextKey; value: unknown }[]
}

export function ofDecision({ api, input, output, ok }: CallRecord): Decision {
  const given = objectIn(input)
  const { granted, agreed, errMsg, errno } = objectIn(output)
  const answer = granted ?? agreed
  const isAllowed = ok && answer !== false
  const said = String(errMsg ?? '').replace(/^[\w.]+:/, '')
  const failure = [said, ...(errno === undefined ? [] : [`(${errno})`])].join(' ')
  return {
    kind: 'person',
    title: apis.includes(api) ? `wx.${api}` : api,
    detail: String(given['title'] ?? given['scope'] ?? given['referrer'] ?? ''),
    ok: isAllowed,
    outcome:
      typeof answer === 'boolean'
        ? { key: answer ? 'wire.allowed' : 'wire.denied' }
        : ok
          ? 'ok'
          : failure,
    parts: [
      { label: 'wire.input', value: mask(input) },
      { label: ok ? 'wire.reply' : 'wire.error', value: mask(output) },
    ],
  }
}
