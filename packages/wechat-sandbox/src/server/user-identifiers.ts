import { createHash } from 'node:crypto'

/**
 * Who a name is to WeChat. Nothing random: a restarted sandbox knows the same people, so that
 * a service's database stays true.
 */

/** 28 characters, one for each app and name. */
export function openidOf(appId: string, user: string): string {
  return `o${digest('openid', appId, user).toString('base64url').slice(0, 27)}`
}

/** 28 characters, the same in every app. */
export function unionidOf(user: string): string {
  return `o${digest('unionid', user).toString('base64url').slice(0, 27)}`
}

const prefixes = ['135', '136', '137', '138', '139', '150', '158', '166', '177', '186', '188']

/** Eleven digits of a number in China, without the country code. */
export function phoneOf(user: string): string {
  const bytes = digest('phone', user)
  const prefix = prefixes[bytes.readUInt8(0) % prefixes.length] ?? '138'
  return prefix + String(bytes.readUInt32BE(1) % 100_000_000).padStart(8, '0')
}

/** One name for the ways to type it. */
export function normalizeUserName(user: string): string {
  return user.normalize('NFC').trim()
}

function digest(...parts: string[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest()
}
