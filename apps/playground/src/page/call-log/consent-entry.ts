import type { CallRecord } from '@mianmi/wechat-sandbox/wx'
import type { TextKey } from '../text/language.ts'
import { maskSecrets } from './mask-secrets.ts'
import { toRecord } from './trpc-request.ts'

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
export function isConsentApi(api: string): boolean {
  return asked.includes(api) || apis.includes(api) || api.startsWith('button.')
}

interface ConsentEntry {
  kind: 'person'
  title: string
  /** What was asked for. */
  detail: string
  ok: boolean
  outcome: string | { key: TextKey }
  parts: { label: TextKey; value: unknown }[]
}

export function toConsentEntry({ api, input, output, ok }: CallRecord): ConsentEntry {
  const given = toRecord(input)
  const { granted, agreed, errMsg, errno } = toRecord(output)
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
        ? { key: answer ? 'log.allowed' : 'log.denied' }
        : ok
          ? 'ok'
          : failure,
    parts: [
      { label: 'log.input', value: maskSecrets(input) },
      { label: ok ? 'log.reply' : 'log.error', value: maskSecrets(output) },
    ],
  }
}
