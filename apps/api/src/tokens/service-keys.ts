import { hash, randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { ServiceKeyMaker } from '@mianmi/core'

const prefix = 'mk_'
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** 190 random bits, as 62 letters have 5.95 each. */
const randomLength = 32
/** 62^6 is more than 2^32. */
const checksumLength = 6
const format = new RegExp(`^${prefix}[0-9A-Za-z]{${randomLength + checksumLength}}$`)

/**
 * Service keys: `mk_`, 32 random letters and digits, and the CRC-32 of these in 6. The prefix and the checksum let a
 * secret scanner tell a key from a text that looks like one, and let a mistyped key be refused without a look-up.
 */
export const serviceKeyMaker: ServiceKeyMaker = {
  newKey() {
    const random = Array.from({ length: randomLength }, () => alphabet[randomInt(alphabet.length)])
    const body = `${prefix}${random.join('')}`
    const key = body + checksumOf(body)
    return { key, hash: hashOf(key) }
  },
  hashOf(key) {
    if (!format.test(key)) return null
    const body = key.slice(0, -checksumLength)
    return key === body + checksumOf(body) ? hashOf(key) : null
  },
}

/** A key has 190 random bits, so a plain hash cannot be reversed by search. The commands have no key of the service. */
const hashOf = (key: string): string => hash('sha256', `service key ${key}`, 'base64url')

function checksumOf(body: string): string {
  let rest = crc32(body)
  let text = ''
  for (let place = 0; place < checksumLength; place++) {
    text = alphabet.charAt(rest % alphabet.length) + text
    rest = Math.floor(rest / alphabet.length)
  }
  return text
}
