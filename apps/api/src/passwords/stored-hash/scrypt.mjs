import { scryptSync } from 'node:crypto'
import { areEqual, fromBase64, toBase64 } from './bytes.mjs'

/** PHC string, as passlib and others write it: `$scrypt$ln=15,r=8,p=1$` salt `$` hash, both base64. */
const phc =
  /^(\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$)([A-Za-z0-9+/.]{0,88})\$([A-Za-z0-9+/.]{22,88})=*$/
/** Werkzeug (Flask): `scrypt:32768:8:1$` salt `$` hex. The letters of the salt are the salt. */
const werkzeug =
  /^(scrypt:(\d{1,7}):(\d{1,2}):(\d{1,2})\$)([A-Za-z0-9]{0,88})\$([0-9a-fA-F]{32,128})$/
/** 64 MiB, and what takes about a second. */
const limits = { memoryBytes: 64 * 1024 * 1024, work: 2 ** 20 }

/** @type {import('./stored-hash.mjs').Scheme} */
export const scryptScheme = {
  read(text) {
    const [, kind, ln, r, p, salt, hash] = phc.exec(text) ?? []
    if (kind !== undefined)
      return scryptHash(
        kind,
        [2 ** Number(ln), Number(r), Number(p)],
        fromBase64(salt ?? ''),
        fromBase64(hash ?? ''),
      )
    const [, ownKind, n, blockSize, lanes, letters, hex] = werkzeug.exec(text) ?? []
    if (ownKind === undefined) return null
    const cost = [Number(n), Number(blockSize), Number(lanes)]
    return scryptHash(ownKind, cost, Buffer.from(letters ?? ''), Buffer.from(hex ?? '', 'hex'))
  },
  example(kind) {
    if (kind.startsWith('$scrypt$'))
      return `${kind}${toBase64(new Uint8Array(16))}$${toBase64(new Uint8Array(32))}`
    return kind.startsWith('scrypt:') ? `${kind}salt$${'0'.repeat(128)}` : null
  },
}

/**
 * @param {string} kind
 * @param {readonly number[]} cost N, r, p of RFC 7914
 * @param {Buffer} salt
 * @param {Buffer} hash
 */
function scryptHash(kind, [n = 0, r = 0, p = 0], salt, hash) {
  const memory = 128 * n * r
  const isPowerOfTwo = n > 1 && Number.isInteger(Math.log2(n))
  if (!isPowerOfTwo || r < 1 || p < 1 || memory > limits.memoryBytes || n * r * p > limits.work)
    return null
  const options = { N: n, r, p, maxmem: 2 * limits.memoryBytes }
  return {
    kind,
    /** @param {string} password */
    matches: (password) => areEqual(scryptSync(password, salt, hash.length, options), hash),
  }
}
