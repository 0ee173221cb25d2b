import { createDecipheriv } from 'node:crypto'
import { WechatError } from '../wechat-error.ts'

/** What `wx` returns as encrypted data, and what it is checked against. */
export interface EncryptedData {
  /** The ciphertext, in base64. */
  encryptedData: string
  /** The initialization vector that came with it, in base64. */
  iv: string
  /** The user's session key, as `code2Session` returned it. */
  sessionKey: string
  /** The appid that the watermark must contain. */
  appId: string
  /** The current time, ms since the epoch. */
  now: number
  /** Upper limit of the data's age in ms; default 5 minutes. */
  maxAge?: number
  /** The signed-in user. When the data has an `openId`, it must be equal to this one. */
  openid?: string
}

const defaultMaxAge = 5 * 60_000
/** ms by which WeChat's clock may be ahead of this server's. */
const maxClockLead = 60_000
/** Length in bytes of an AES-128 key, of the iv and of a block. */
const blockLength = 16

/**
 * Decrypts `encryptedData` of `wx` and checks its watermark. AES-128-CBC with PKCS#7,
 * https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/signature.html
 *
 * The format has no authentication tag: the holder of a message can change its first block, and so the first
 * property, through the iv, and this goes undetected. So pass the `openid` that is signed in, and let no property of
 * the data decide who the user is.
 *
 * @throws WechatError of kind `data_rejected`, the same for every fault: a caller that could distinguish bad padding
 * from bad content could decrypt messages (a padding oracle).
 *
 * @example
 * const userInfo = decryptData({ encryptedData, iv, sessionKey, appId, openid, now: Date.now() })
 */
export function decryptData(input: EncryptedData): Record<string, unknown> {
  const data = readData(input)
  if (data === null) throw new WechatError('data_rejected')
  return data
}

function readData(input: EncryptedData): Record<string, unknown> | null {
  try {
    const data: unknown = JSON.parse(decrypt(input))
    return isObject(data) && hasValidWatermark(data, input) ? data : null
  } catch {
    return null
  }
}

function decrypt({ encryptedData, iv, sessionKey }: EncryptedData): string {
  const [key, vector, message] = [sessionKey, iv, encryptedData].map(fromBase64)
  if (key?.length !== blockLength || vector?.length !== blockLength || !message?.length) {
    throw new RangeError('length')
  }
  const decipher = createDecipheriv('aes-128-cbc', key, vector)
  const bytes = Buffer.concat([decipher.update(message), decipher.final()])
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
}

/** Accepts one spelling of each byte sequence only: Node's decoder skips characters that are not base64. */
function fromBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text) throw new RangeError('base64')
  return bytes
}

function hasValidWatermark(data: Record<string, unknown>, input: EncryptedData): boolean {
  const { watermark } = data
  if (!isObject(watermark) || watermark['appid'] !== input.appId) return false
  const { timestamp } = watermark
  if (typeof timestamp !== 'number' || !Number.isSafeInteger(timestamp)) return false
  const age = input.now - timestamp * 1000
  if (age > (input.maxAge ?? defaultMaxAge) || age < -maxClockLead) return false
  return input.openid === undefined || !('openId' in data) || data['openId'] === input.openid
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
