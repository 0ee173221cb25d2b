import { randomBytes } from 'node:crypto'
import type { Passwords } from '@mianmi/core'
import { hash, verify } from '@node-rs/argon2'
import { isCommonPassword } from './common-passwords.ts'

/** The library's `Algorithm.Argon2id`, an ambient enum that isolated modules cannot read. */
const argon2id = 2
/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, 2 passes, 1 lane. */
const cost = { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** argon2id (RFC 9106) on libuv's thread pool. */
export async function createPasswords(): Promise<Passwords> {
  const nobody = await hash(randomBytes(32), cost)
  return {
    isCommon: isCommonPassword,
    hash: (password) => hash(password, cost),
    async verify(password, known) {
      const fits = await verify(known ?? nobody, password)
      return known !== null && fits
    },
  }
}
