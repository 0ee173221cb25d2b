import { createHash } from 'node:crypto'

/**
 * The identifiers of a user, computed from the name. They are deterministic, so they stay the same
 * after a restart of the sandbox and the database of a service stays valid.
 */

/**
 * The openid of a user in one app: 28 characters, different in every app.
 *
 * @example
 * expect(reply.openid).toBe(openidOf('wx6d69616e6d690001', 'ann'))
 */
export function openidOf(appId: string, user: string): string {
  return `o${digest('openid', appId, user).toString('base64url').slice(0, 27)}`
}

/** The unionid of a user: 28 characters, the same in every app. */
export function unionidOf(user: string): string {
  return `o${digest('unionid', user).toString('base64url').slice(0, 27)}`
}

const prefixes = ['135', '136', '137', '138', '139', '150', '158', '166', '177', '186', '188']

/** The phone number of a user: the 11 digits of a Chinese mobile number, without the country code. */
export function phoneOf(user: string): string {
  const bytes = digest('phone', user)
  const prefix = prefixes[bytes.readUInt8(0) % prefixes.length] ?? '138'
  return prefix + String(bytes.readUInt32BE(1) % 100_000_000).padStart(8, '0')
}

/** Maps the Unicode forms and surrounding spaces of a name to one form. */
export function normalizeUserName(user: string): string {
  return user.normalize('NFC').trim()
}

function digest(...parts: string[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest()
}
