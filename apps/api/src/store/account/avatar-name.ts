import { createHash } from 'node:crypto'
import type { PictureType } from '@mianmi/core'

/**
 * 128 bits that cannot be guessed. The user's id is hashed too, so that equal pictures of two users have different
 * addresses.
 */
export const avatarHash = (userId: string, bytes: Uint8Array): string =>
  createHash('sha256').update(`${userId}\n`).update(bytes).digest('hex').slice(0, 32)

/** @param issuer public address of the service */
export const avatarAddress = (
  issuer: string,
  { hash, type }: { hash: string; type: PictureType },
): string => `${issuer.replace(/\/+$/, '')}/avatars/${hash}.${type}`

/** The parts of a name `HASH.TYPE`; null for a text that is none. */
export function readAvatarName(name: string): { hash: string; type: string } | null {
  const [, hash, type] = /^([0-9a-f]{32})\.(\w+)$/.exec(name) ?? []
  return hash === undefined || type === undefined ? null : { hash, type }
}
