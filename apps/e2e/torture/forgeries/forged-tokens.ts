import { createHmac, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { type JWK, SignJWT } from 'jose'

const part = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

const read = (text = ''): Record<string, unknown> =>
  JSON.parse(Buffer.from(text, 'base64url').toString())

interface Forgery {
  readonly name: string
  readonly token: string
}

/** What a forger has: a valid token, the public key, and a key server that a careless verifier would call. */
export interface ForgeryInputs {
  readonly token: string
  readonly jwk: JWK
  readonly publicKey: KeyObject
  /** Must never be called. */
  readonly keyServerUrl: string
}

/** Creates forged tokens, all of which must be refused. A name says which check a verifier would lack. */
export async function forgeries(inputs: ForgeryInputs): Promise<Forgery[]> {
  const [head = '', body = '', mac = ''] = inputs.token.split('.')
  const created = [
    ...otherAlgorithms(inputs),
    ...(await foreignKeys(inputs)),
    ...weakSignatures(head, body),
    { name: 'signature: (r, n − s)', token: `${head}.${body}.${complementaryS(mac)}` },
    ...otherSpellings(inputs.token),
    ...otherShapes(inputs.token),
    ...Object.entries({
      'another user': { sub: 'admin' },
      'another session': { sid: '0'.repeat(32) },
      'no expiry': { exp: 9_999_999_999 },
      'another app': { aud: 'wx0000000000000000' },
      'the prototype': JSON.parse('{"__proto__":{"sub":"admin"}}'),
    }).map(([name, claims]) => ({
      name: `claims changed: ${name}`,
      token: `${head}.${part({ ...read(body), ...claims })}.${mac}`,
    })),
  ]
  // White space around a header value does not belong to the value (RFC 9110 §5.5).
  return created.filter(({ token }) => token.trim() !== inputs.token)
}

/** RFC 8725 §2.1: `none`, and the public key used as a shared secret. */
function otherAlgorithms({ token, jwk, publicKey }: ForgeryInputs): Forgery[] {
  const [, body = '', mac = ''] = token.split('.')
  const none = ['none', 'None', 'NONE', 'nOnE', '', null, 0, [], ['ES256']].flatMap((alg) =>
    ['', mac].map((end) => ({
      name: `alg ${JSON.stringify(alg)}`,
      token: `${part({ alg, typ: 'at+jwt' })}.${body}.${end}`,
    })),
  )
  const secrets: Record<string, string | Buffer> = {
    pem: publicKey.export({ type: 'spki', format: 'pem' }),
    der: publicKey.export({ type: 'spki', format: 'der' }),
    jwk: JSON.stringify(jwk),
    x: Buffer.from(String(jwk.x), 'base64url'),
    kid: String(jwk.kid),
    empty: '',
  }
  const shared = ['HS256', 'HS384', 'HS512'].flatMap((alg) =>
    Object.entries(secrets).map(([name, secret]) => {
      const input = `${part({ alg, typ: 'at+jwt', kid: jwk.kid })}.${body}`
      const digest = createHmac(`sha${alg.slice(2)}`, secret)
        .update(input)
        .digest('base64url')
      return { name: `${alg} keyed with the public ${name}`, token: `${input}.${digest}` }
    }),
  )
  const others = ['ES384', 'ES512', 'ES256K', 'RS256', 'PS256', 'EdDSA', 'Ed25519', 'dir', 'es256']
  const renamed = others.map((alg) => ({
    name: `alg ${alg} over the service's signature`,
    token: `${part({ alg, typ: 'at+jwt', kid: jwk.kid })}.${body}.${mac}`,
  }))
  return [...none, ...shared, ...renamed]
}

/** RFC 7515 §4.1: headers that contain or locate a verification key; all signed with the key of the forger. */
async function foreignKeys({ token, jwk, keyServerUrl }: ForgeryInputs): Promise<Forgery[]> {
  const claims = read(token.split('.')[1])
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const forgerJwk = publicKey.export({ format: 'jwk' })
  const kids = [
    '../../../../dev/null',
    "' or 1=1 --",
    '/proc/self/environ',
    '',
    '__proto__',
    'x'.repeat(5_000),
  ]
  const headers: Record<string, object> = {
    'the kid of the service': { kid: jwk.kid },
    'no kid': {},
    'the jwk of the forger': { jwk: forgerJwk },
    jku: { jku: `${keyServerUrl}/jwks.json`, kid: 'forger' },
    x5u: { x5u: `${keyServerUrl}/cert.pem` },
    x5c: { x5c: [Buffer.from('certificate').toString('base64')] },
    x5t: { x5t: 'AAAA', 'x5t#S256': 'AAAA' },
    zip: { zip: 'DEF' },
    cty: { cty: 'JWT' },
    ...Object.fromEntries(kids.map((kid) => [`kid ${kid.slice(0, 24)}`, { kid }])),
  }
  const signed = Object.entries(headers).map(async ([name, header]) => ({
    name: `key of the forger, ${name}`,
    token: await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', ...header })
      .sign(privateKey),
  }))
  const critical = [['exp'], ['b64'], ['x'], [], 'x'].map((crit) => {
    const header = { alg: 'ES256', typ: 'at+jwt', b64: false, crit, x: 1 }
    const input = `${part(header)}.${part(claims)}`
    const key = { key: privateKey, dsaEncoding: 'ieee-p1363' as const }
    const digest = sign('sha256', Buffer.from(input), key).toString('base64url')
    return { name: `crit ${JSON.stringify(crit)}`, token: `${input}.${digest}` }
  })
  return [...(await Promise.all(signed)), ...critical]
}

/** The order n of P-256 (SEC 2 §2.4.2). */
const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')

/** Computes (r, n − s), which verifies wherever (r, s) does and needs no private key. */
function complementaryS(mac: string): string {
  const signature = Buffer.from(mac, 'base64url')
  const [n, s] = [order, signature.subarray(32)].map((part) => BigInt(`0x${part.toString('hex')}`))
  const other = ((n ?? 0n) - (s ?? 0n)).toString(16).padStart(64, '0')
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(other, 'hex')]).toString('base64url')
}

/** Signatures that other verifiers have accepted: CVE-2022-21449 and similar, empty, truncated, in another encoding. */
function weakSignatures(head: string, body: string): Forgery[] {
  const [zero, one] = [Buffer.alloc(32), Buffer.alloc(32, 0).fill(1, 31)]
  const signatures: Record<string, Buffer> = {
    empty: Buffer.alloc(0),
    'all zero': Buffer.concat([zero, zero]),
    'r and s the order': Buffer.concat([order, order]),
    'r one, s zero': Buffer.concat([one, zero]),
    'r and s one': Buffer.concat([one, one]),
    'DER of zeros': Buffer.from('3006020100020100', 'hex'),
    random: randomBytes(64),
    'a byte too long': randomBytes(65),
    'a byte too short': randomBytes(63),
  }
  return Object.entries(signatures).map(([name, bytes]) => ({
    name: `signature: ${name}`,
    token: `${head}.${body}.${bytes.toString('base64url')}`,
  }))
}

/** RFC 7515 §2: base64url has no padding and no white space; with unused bits zero, each token has one spelling. */
function otherSpellings(token: string): Forgery[] {
  const parts = token.split('.')
  const each = (name: string, change: (text: string) => string): Forgery[] =>
    parts.map((text, index) => ({
      name: `${name} in part ${index + 1}`,
      token: parts.map((other, at) => (at === index ? change(text) : other)).join('.'),
    }))
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const lastBit = (text: string) =>
    text.slice(0, -1) + alphabet[alphabet.indexOf(text.slice(-1)) ^ 1]
  return [
    ...each('padding', (text) => `${text}=`),
    ...each('double padding', (text) => `${text}==`),
    ...each('a tab', (text) => `${text}\t`),
    ...each('a percent code', (text) => `${text}%3D`),
    ...each('plus and slash', (text) => text.replaceAll('-', '+').replaceAll('_', '/')),
    ...each('the last bit', lastBit),
    ...each('one character more', (text) => `${text}A`),
    ...each('one character less', (text) => text.slice(0, -1)),
    ...each('the first character', (text) => `A${text.slice(1)}`),
    ...each('lower case', (text) => text.toLowerCase()),
    ...each('empty text', () => ''),
  ]
}

/** Tokens of other kinds and lengths, and texts that are no token. */
function otherShapes(token: string): Forgery[] {
  const [head = '', body = '', mac = ''] = token.split('.')
  const tokens: Record<string, string> = {
    'two parts': `${head}.${body}`,
    'header and signature alone': `${head}.${mac}`,
    'claims and signature alone': `${body}.${mac}`,
    'claims alone': body,
    'claims between dots': `.${body}.`,
    'an empty fourth part': `${token}.`,
    'four parts': `${token}.${mac}`,
    'five parts, as encrypted ones have': `${part({ alg: 'dir', enc: 'A256GCM' })}..AAAA.${body}.AAAA`,
    'a token in a token': `${part({ alg: 'none', cty: 'JWT' })}.${part(token)}.`,
    twice: `${token},${token}`,
    dots: '..',
    'a thousand dots': '.'.repeat(1_000),
    huge: `${head}.${'A'.repeat(12_000)}.${mac}`,
    'huge header': `${part({ alg: 'ES256', typ: 'at+jwt', x: 'x'.repeat(9_000) })}.${body}.${mac}`,
    'deep header': `${part(`{"alg":"ES256","x":${'['.repeat(2_000)}${']'.repeat(2_000)}}`)}.${body}.${mac}`,
    'JSON serialization': JSON.stringify({ protected: head, payload: body, signature: mac }),
    'not JSON': `${part('{')}.${part('{')}.${mac}`,
    'a list': `${part('[]')}.${part('[]')}.${mac}`,
    null: `${part('null')}.${part('null')}.${mac}`,
    'another type': `${part({ ...read(head), typ: 'JWT' })}.${body}.${mac}`,
    'no type': `${part({ alg: 'ES256' })}.${body}.${mac}`,
    word: 'undefined',
  }
  return Object.entries(tokens).map(([name, forged]) => ({ name, token: forged }))
}
