import type { CallRecord } from '@mianmi/wechat-sandbox/wx'
import type { TextKey } from '../text/language.ts'
import { maskSecrets } from './mask-secrets.ts'
import { toRecord } from './trpc-request.ts'

// Reported under these names by `wx` and the simulator; they are not APIs of `wx`.
const questions = ['scopeDialog', 'privacyConsent', 'agreePrivacyAuthorization']
const consentApis = [
  'authorize',
  'openSetting',
  'getLocation',
  'requirePrivacyAuthorize',
  'openPrivacyContract',
]

/** Whether a call concerns the user's consent. */
export function isConsentApi(api: string): boolean {
  return questions.includes(api) || consentApis.includes(api) || api.startsWith('button.')
}

interface ConsentEntry {
  kind: 'person'
  title: string
  /** What was requested. */
  detail: string
  ok: boolean
  outcome: string | { key: TextKey }
  parts: { label: TextKey; value: unknown }[]
}

export function toConsentEntry({ api, input, output, ok }: CallRecord): ConsentEntry {
  const request = toRecord(input)
  const { granted, agreed, errMsg, errno } = toRecord(output)
  const decision = granted ?? agreed
  const isAllowed = ok && decision !== false
  const message = String(errMsg ?? '').replace(/^[\w.]+:/, '')
  const failure = [message, ...(errno === undefined ? [] : [`(${errno})`])].join(' ')
  return {
    kind: 'person',
    title: consentApis.includes(api) ? `wx.${api}` : api,
    detail: String(request['title'] ?? request['scope'] ?? request['referrer'] ?? ''),
    ok: isAllowed,
    outcome:
      typeof decision === 'boolean'
        ? { key: decision ? 'log.allowed' : 'log.denied' }
        : ok
          ? 'ok'
          : failure,
    parts: [
      { label: 'log.input', value: maskSecrets(input) },
      { label: ok ? 'log.reply' : 'log.error', value: maskSecrets(output) },
    ],
  }
}
