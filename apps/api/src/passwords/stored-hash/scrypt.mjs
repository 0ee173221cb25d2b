import { scryptSync } from 'node:crypto'
import { areEqual, fromBase64, powersOfTwo } from './bytes.mjs'

/** PHC string, as passlib and others write it: `$scrypt$ln=15,r=8,p=1$` salt `$` hash, both base64. */
const phc =
  /^(\$scrypt\$ln=([1-9]\d?),r=([1-9]\d?),p=([1-9]\d?)\$)([A-Za-z0-9+/.]{0,88})=*\$([A-Za-z0-9+/.]{22,88})=*$/
/** Werkzeug (Flask): `scrypt:32768:8:1$` salt `$` hex. The letters of the salt are the salt. */
const werkzeug =
  /^(scrypt:([1-9]\d{0,6}):([1-9]\d?):([1-9]\d?)\$)([A-Za-z0-9]{0,88})\$([0-9a-fA-F]{32,128})$/
/** 64 MiB, and what takes about a second. */
const limits = { memoryBytes: 64 * 1024 * 1024, work: 2 ** 20 }
const maxmem = 2 * limits.memoryBytes
/** The block size that everybody uses, with which the work that is spent is counted. */
const blockSize = 8

/**
 * Work is N · r · p of RFC 7914.
 *
 * @type {import('./stored-hash.mjs').Scheme}
 */
export const scryptScheme = {
  name: 'scrypt',
  msOf: 45 / (2 ** 14 * blockSize),
  read(text) {
    const [, kind, ln, r, p, salt = '', hash = ''] = phc.exec(text) ?? []
    if (kind !== undefined)
      return scryptHash(kind, [2 ** Number(ln), r, p], [fromBase64(salt), fromBase64(hash)])
    const [, ownKind, n, size, lanes, letters = '', hex = ''] = werkzeug.exec(text) ?? []
    if (ownKind === undefined) return null
    return scryptHash(ownKind, [n, size, lanes], [Buffer.from(letters), Buffer.from(hex, 'hex')])
  },
  spend(work, password) {
    for (const exponent of powersOfTwo(work / blockSize, 16))
      if (exponent > 0)
        scryptSync(password, 'salt', 32, { N: 2 ** exponent, r: blockSize, p: 1, maxmem })
  },
}

/**
 * @param {string} kind
 * @param {readonly unknown[]} cost N, r, p of RFC 7914
 * @param {readonly [salt: Buffer, hash: Buffer]} values
 */
function scryptHash(kind, cost, [salt, hash]) {
  const [N = 0, r = 0, p = 0] = cost.map(Number)
  const work = N * r * p
  const exponent = Math.log2(N)
  const isPowerOfTwo = N > 1 && Number.isInteger(exponent)
  // RFC 7914 §6: N is less than 2^(128 * r / 8). OpenSSL computes no other hash, and throws.
  const isDefined = exponent < 16 * r
  if (!isPowerOfTwo || !isDefined || 128 * N * r > limits.memoryBytes || work > limits.work)
    return null
  return {
    kind,
    work,
    /** @param {string} password */
    matches: (password) =>
      areEqual(scryptSync(password, salt, hash.length, { N, r, p, maxmem }), hash),
  }
}
