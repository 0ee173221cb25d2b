import { createDecipheriv } from 'node:crypto'
import { WechatError } from '../wechat-error.ts'

export interface EncryptedData {
  encryptedData: string
  iv: string
  sessionKey: string
  /** The app that the watermark must name. */
  appId: string
  /** ms since the epoch */
  now: number
  /** ms since WeChat made the data; default 5 minutes */
  maxAge?: number
  /** Where the data names an openId, it must be this one. */
  openid?: string
}

const defaultMaxAge = 5 * 60_000
/** ms by which WeChat's clock may be ahead of ours */
const maxLead = 60_000
/** Bytes, of an AES-128 key, of the iv and of a block. */
const blockLength = 16

/**
 * Decrypts what `wx` gives as `encryptedData` and checks its watermark. AES-128-CBC with PKCS#7,
 * https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/signature.html
 *
 * This format carries no seal: whoever holds the message can alter its first block through the
 * iv, and with it the first property, unnoticed. So hand over the `openid` that is signed in, and
 * take from the data nothing that decides who somebody is.
 *
 * @throws WechatError of kind `data_rejected`, the same for every fault: a caller who could tell
 * bad padding from bad content could decrypt by asking.
 */
export function decryptData(input: EncryptedData): Record<string, unknown> {
  const data = readData(input)
  if (data === null) throw new WechatError('data_rejected')
  return data
}

function readData(input: EncryptedData): Record<string, unknown> | null {
  try {
    const data: unknown = JSON.parse(decrypt(input))
    return isObject(data) && isMeant(data, input) ? data : null
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

/** Node skips what is not base64; here there is one way to write some bytes. */
function fromBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text) throw new RangeError('base64')
  return bytes
}

function isMeant(data: Record<string, unknown>, input: EncryptedData): boolean {
  const { watermark } = data
  if (!isObject(watermark) || watermark['appid'] !== input.appId) return false
  const { timestamp } = watermark
  if (typeof timestamp !== 'number' || !Number.isSafeInteger(timestamp)) return false
  const age = input.now - timestamp * 1000
  if (age > (input.maxAge ?? defaultMaxAge) || age < -maxLead) return false
  return input.openid === undefined || !('openId' in data) || data['openId'] === input.openid
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
