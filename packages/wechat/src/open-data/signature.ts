import { createHash, timingSafeEqual } from 'node:crypto'

export interface SignedData {
  /** The text exactly as `wx` gave it: parsed and written again it is another one. */
  rawData: string
  sessionKey: string
  signature: string
}

/**
 * Whether WeChat signed this text for the holder of this session key:
 * `sha1(rawData + session_key)`, in lower-case hexadecimal.
 * https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/signature.html
 */
export function verifySignature({ rawData, sessionKey, signature }: SignedData): boolean {
  const expected = Buffer.from(createHash('sha1').update(rawData).update(sessionKey).digest('hex'))
  const given = Buffer.from(signature)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
