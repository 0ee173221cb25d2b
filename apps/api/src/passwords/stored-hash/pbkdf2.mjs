import { pbkdf2Sync } from 'node:crypto'
import { areEqual, fromBase64, toBase64 } from './bytes.mjs'

const digest = '(sha1|sha256|sha512)'
/** PHC string, `$pbkdf2-sha256$i=600000$` salt `$` hash; passlib writes no `i=`, and `$pbkdf2$` for SHA-1. */
const phc = new RegExp(
  `^(\\$pbkdf2(?:-${digest})?\\$(?:i=)?(\\d{1,7})(?:,l=\\d{1,3})?\\$)([A-Za-z0-9+/.]{0,88})=*\\$([A-Za-z0-9+/.]{22,88})=*$`,
)
/** Django: `pbkdf2_sha256$600000$` salt `$` base64. The letters of the salt are the salt. */
const django = new RegExp(
  `^(pbkdf2_${digest}\\$(\\d{1,7})\\$)([^$\\s]{0,88})\\$([A-Za-z0-9+/]{22,88})=*$`,
)
/** Werkzeug (Flask): `pbkdf2:sha256:600000$` salt `$` hex. */
const werkzeug = new RegExp(
  `^(pbkdf2:${digest}:(\\d{1,7})\\$)([^$\\s]{0,88})\\$([0-9a-fA-F]{32,128})$`,
)
/** OWASP's cheat sheet asks for 600,000 rounds of SHA-256; these take about a second. */
const maxIterations = 2_000_000

/** @type {import('./stored-hash.mjs').Scheme} */
export const pbkdf2Scheme = {
  read(text) {
    const [, kind, name = 'sha1', iterations, salt = '', hash = ''] = phc.exec(text) ?? []
    if (kind !== undefined)
      return pbkdf2Hash(kind, [name, iterations], fromBase64(salt), fromBase64(hash))
    const [, ofDjango, djangoName, djangoRounds, djangoSalt = '', base64 = ''] =
      django.exec(text) ?? []
    if (ofDjango !== undefined)
      return pbkdf2Hash(
        ofDjango,
        [djangoName, djangoRounds],
        Buffer.from(djangoSalt),
        fromBase64(base64),
      )
    const [, ofFlask, flaskName, flaskRounds, flaskSalt = '', hex = ''] = werkzeug.exec(text) ?? []
    if (ofFlask === undefined) return null
    return pbkdf2Hash(
      ofFlask,
      [flaskName, flaskRounds],
      Buffer.from(flaskSalt),
      Buffer.from(hex, 'hex'),
    )
  },
  example(kind) {
    const length = kind.includes('sha512') ? 64 : kind.includes('sha256') ? 32 : 20
    const bytes = new Uint8Array(length)
    if (kind.startsWith('$pbkdf2'))
      return `${kind}${toBase64(new Uint8Array(16))}$${toBase64(bytes)}`
    if (kind.startsWith('pbkdf2_')) return `${kind}salt$${toBase64(bytes)}`
    return kind.startsWith('pbkdf2:') ? `${kind}salt$${Buffer.from(bytes).toString('hex')}` : null
  },
}

/**
 * @param {string} kind
 * @param {readonly (string | undefined)[]} cost the digest and the number of iterations
 * @param {Buffer} salt
 * @param {Buffer} hash
 */
function pbkdf2Hash(kind, [name = '', iterations], salt, hash) {
  const rounds = Number(iterations)
  if (rounds < 1 || rounds > maxIterations) return null
  return {
    kind,
    /** @param {string} password */
    matches: (password) => areEqual(pbkdf2Sync(password, salt, rounds, hash.length, name), hash),
  }
}
