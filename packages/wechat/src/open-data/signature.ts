import { createHash, timingSafeEqual } from 'node:crypto'

/** What `wx.getUserInfo` and similar calls return as signed text. */
export interface SignedData {
  /** The text exactly as `wx` returned it; parsing and serializing it again may change it. */
  rawData: string
  /** The user's session key, as `code2Session` returned it. */
  sessionKey: string
  /** The `signature` that came with the text. */
  signature: string
}

/**
 * Whether WeChat signed this text with this session key: `sha1(rawData + session_key)`, in lower-case hexadecimal.
 * https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/signature.html
 *
 * @example
 * if (!verifySignature({ rawData, sessionKey, signature })) throw new Error('forged data')
 */
export function verifySignature({ rawData, sessionKey, signature }: SignedData): boolean {
  const expected = Buffer.from(createHash('sha1').update(rawData).update(sessionKey).digest('hex'))
  const received = Buffer.from(signature)
  return received.length === expected.length && timingSafeEqual(received, expected)
}
