import type { KeyOwner, OpenDataReader, SessionKeyVault } from '../../src/index.ts'

/** Seals a session key in plain text together with its owner, and opens it for that owner only. */
export function createFakeVault(): SessionKeyVault {
  const prefixOf = ({ appId, openid }: KeyOwner): string => `sealed for ${appId} ${openid}: `
  return {
    seal: (owner, sessionKey) => ({
      sealed: `${prefixOf(owner)}${sessionKey}`,
      fingerprint: `fingerprint of ${sessionKey}`,
    }),

    open(owner, sealed) {
      const prefix = prefixOf(owner)
      if (!sealed.startsWith(prefix)) throw new Error('sealed for another owner')
      return sealed.slice(prefix.length)
    },
  }
}

/** How long open data may be old, in ms. */
const maxAge = 5 * 60_000

export interface OpenDataDraft {
  readonly appId: string
  readonly openid: string
  readonly sessionKey: string
  readonly at: number
  readonly data: Record<string, unknown>
}

/** What the fake reader takes for data that WeChat encrypted. */
export const encryptOpenData = (draft: OpenDataDraft): { encryptedData: string; iv: string } => ({
  encryptedData: JSON.stringify(draft),
  iv: 'iv',
})

export function createFakeOpenDataReader(): OpenDataReader {
  return {
    decrypt({ appId, openid, sessionKey, encryptedData, now }) {
      const draft = JSON.parse(encryptedData) as OpenDataDraft
      const isForUs =
        draft.appId === appId && draft.openid === openid && draft.sessionKey === sessionKey
      if (!isForUs || now - draft.at > maxAge) throw new Error('open data of another key')
      return draft.data
    },
  }
}
