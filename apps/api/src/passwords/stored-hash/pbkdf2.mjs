import { pbkdf2Sync } from 'node:crypto'
import { areEqual, fromBase64, writtenSalt } from './bytes.mjs'

const digest = '(sha1|sha256|sha512)'
/** PHC string, `$pbkdf2-sha256$i=600000$` salt `$` hash; passlib writes no `i=`, and `$pbkdf2$` for SHA-1. */
const phc = new RegExp(
  `^(\\$pbkdf2(?:-${digest})?\\$(?:i=)?([1-9]\\d{0,6})(?:,l=\\d{1,3})?\\$)([A-Za-z0-9+/.]{0,88})=*\\$([A-Za-z0-9+/.]{22,88})=*$`,
)
/** Django: `pbkdf2_sha256$600000$` salt `$` base64. The letters of the salt are the salt. */
const django = new RegExp(
  `^(pbkdf2_${digest}\\$([1-9]\\d{0,6})\\$)(${writtenSalt})\\$([A-Za-z0-9+/]{22,88})=*$`,
)
/** Werkzeug (Flask): `pbkdf2:sha256:600000$` salt `$` hex. */
const werkzeug = new RegExp(
  `^(pbkdf2:${digest}:([1-9]\\d{0,6})\\$)(${writtenSalt})\\$([0-9a-fA-F]{32,128})$`,
)
/** OWASP's cheat sheet asks for 600,000 rounds of SHA-256; these take about a second. */
const maxIterations = 2_000_000

/** @type {Readonly<Record<string, { readonly bytes: number, readonly msOf: number }>>} */
const digests = {
  sha1: { bytes: 20, msOf: 0.0004 },
  sha256: { bytes: 32, msOf: 0.0004 },
  sha512: { bytes: 64, msOf: 0.001 },
}

/**
 * One scheme for each digest. Work is iterations: of a longer hash only the first block is computed and compared, which
 * has the strength of the digest, so that the time does not depend on the length (RFC 8018 §5.2: blocks are independent).
 *
 * @type {readonly import('./stored-hash.mjs').Scheme[]}
 */
export const pbkdf2Schemes = Object.entries(digests).map(([name, { bytes, msOf }]) => ({
  name: `pbkdf2-${name}`,
  msOf,
  read(text) {
    const parts = partsOf(text)
    if (parts === null || parts.digest !== name || parts.iterations > maxIterations) return null
    const { kind, iterations, salt } = parts
    const hash = parts.hash.subarray(0, bytes)
    return {
      kind,
      work: iterations,
      matches: (password) =>
        areEqual(pbkdf2Sync(password, salt, iterations, hash.length, name), hash),
    }
  },
  spend: (work, password) => void pbkdf2Sync(password, 'salt', Math.floor(work), bytes, name),
}))

/** @param {string} text */
function partsOf(text) {
  const [, kind, name = 'sha1', rounds, salt = '', hash = ''] = phc.exec(text) ?? []
  if (kind !== undefined)
    return {
      kind,
      digest: name,
      iterations: Number(rounds),
      salt: fromBase64(salt),
      hash: fromBase64(hash),
    }
  const [, ofDjango, djangoName, djangoRounds, djangoSalt = '', base64 = ''] =
    django.exec(text) ?? []
  if (ofDjango !== undefined) {
    const values = { salt: Buffer.from(djangoSalt), hash: fromBase64(base64) }
    return { kind: ofDjango, digest: djangoName, iterations: Number(djangoRounds), ...values }
  }
  const [, ofFlask, flaskName, flaskRounds, flaskSalt = '', hex = ''] = werkzeug.exec(text) ?? []
  if (ofFlask === undefined) return null
  const values = { salt: Buffer.from(flaskSalt), hash: Buffer.from(hex, 'hex') }
  return { kind: ofFlask, digest: flaskName, iterations: Number(flaskRounds), ...values }
}
