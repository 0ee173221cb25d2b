import { createHash } from 'node:crypto'
import type { Picture } from '@mianmi/core'

/** The public address of a stored picture. @param issuer public address of the service */
export const avatarAddress = (issuer: string, hash: string, type: Picture['type']): string =>
  `${issuer.replace(/\/+$/, '')}/avatars/${hash}.${type}`

/** The hash and the type in the name `HASH.TYPE`; null for any other text. */
export function parseAvatarName(name: string): { hash: string; type: string } | null {
  const [, hash, type] = /^([0-9a-f]{32})\.(\w+)$/.exec(name) ?? []
  return hash === undefined || type === undefined ? null : { hash, type }
}

/**
 * 128 bits that cannot be guessed. The user's id is hashed too, so that equal pictures of two users have different
 * addresses.
 */
export const avatarHash = (userId: string, bytes: Uint8Array): string =>
  createHash('sha256').update(`${userId}\n`).update(bytes).digest('hex').slice(0, 32)
