import { randomBytes } from 'node:crypto'

/** A one-time code: 32 characters, the length of WeChat's. */
export function newCode(): string {
  return `0${randomBytes(24).toString('base64url').slice(0, 31)}`
}

/** A session key: the 16 bytes of an AES-128 key in base64. */
export function newSessionKey(): string {
  return randomBytes(16).toString('base64')
}

/** An access token of today's usual length; WeChat asks clients to reserve 512 characters. */
export function newAccessToken(): string {
  return `98_${randomBytes(100).toString('base64url')}`
}
