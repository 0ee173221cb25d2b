import { randomBytes } from 'node:crypto'

/** 32 characters, as WeChat's codes have. */
export function newCode(): string {
  return `0${randomBytes(24).toString('base64url').slice(0, 31)}`
}

/** 16 bytes in base64, the key of AES-128. */
export function newSessionKey(): string {
  return randomBytes(16).toString('base64')
}

/** As long as WeChat's are today; WeChat asks to leave room for 512 characters. */
export function newAccessToken(): string {
  return `98_${randomBytes(100).toString('base64url')}`
}
