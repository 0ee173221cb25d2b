import { createPrivateKey } from 'node:crypto'
import {
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose'
import { describe, expect, it } from 'vitest'
import { createAccessTokens } from './access-tokens.ts'
import { withLowS } from './low-s.ts'
import type { FormerKey, SigningKey } from './signing-key.ts'

const now = 1_800_000_000_000
const ttl = 900_000
const ming = { sessionId: 's1', userId: 'ming', appId: 'wx1' }

const issuer = 'https://mianmi.example'

/** Keys that no other process adds to. */
const ringOf = (signing: SigningKey, former: readonly FormerKey[] = []) => ({
  current: () => ({ signing, former }),
  readAgain: async () => {},
})

async function setUp(options: { ttl?: number } = {}) {
  const pair = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(pair.privateKey)
  const privateKey = createPrivateKey({ key: { ...jwk }, format: 'jwk' })
  const publicJwk = await exportJWK(pair.publicKey)
  const publicKey = await importJWK(publicJwk, 'ES256')
  if (publicKey instanceof Uint8Array) throw new Error('no EC key')
  const key = { kid: 'k1', privateKey, publicKey, publicJwk }
  const tokens = createAccessTokens({ keys: ringOf(key), issuer, ttl, ...options })
  /** Signs with the service's own key, and with the lower s. */
  const sign = async (claims: JWTPayload, header: object = {}): Promise<string> => {
    const protectedHeader = { alg: 'ES256', typ: 'at+jwt', kid: 'k1', ...header }
    const token = await new SignJWT(claims)
      .setProtectedHeader(protectedHeader)
      .sign(pair.privateKey)
    const at = token.lastIndexOf('.') + 1
    const signature = withLowS(Buffer.from(token.slice(at), 'base64url'))
    return token.slice(0, at) + signature.toString('base64url')
  }
  return { ...tokens, publicKey, key, sign }
}

const claimsOf = (change: Record<string, unknown> = {}): JWTPayload => ({
  iss: issuer,
  sub: 'ming',
  aud: 'wx1',
  client_id: 'wx1',
  sid: 's1',
  jti: 'j1',
  iat: now / 1000,
  exp: now / 1000 + 900,
  ...change,
})

/** The order n of P-256 (SEC 2 §2.4.2). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** The same token with the other signature that verifies: (r, n − s). */
function withHighS(token: string): string {
  const at = token.lastIndexOf('.') + 1
  const signature = Buffer.from(token.slice(at), 'base64url')
  const s = order - BigInt(`0x${signature.subarray(32).toString('hex')}`)
  signature.write(s.toString(16).padStart(64, '0'), 32, 'hex')
  return token.slice(0, at) + signature.toString('base64url')
}

it('are verified, once and again, until they expire', async () => {
  const tokens = await setUp()
  const { token, expiresAt } = await tokens.signAccess(ming, now)
  expect(expiresAt).toBe(now + ttl)
  expect(await tokens.verifyAccess(token, now)).toMatchObject(ming)
  expect(await tokens.verifyAccess(token, expiresAt - 1)).toMatchObject(ming)
  expect(await tokens.verifyAccess(token, expiresAt)).toBeNull()
})

it('with the signature of a verified token and other claims are refused, and the verified one still holds', async () => {
  const tokens = await setUp()
  const { token } = await tokens.signAccess(ming, now)
  const { token: other } = await tokens.signAccess({ ...ming, userId: 'hong' }, now)
  expect(await tokens.verifyAccess(token, now)).toMatchObject(ming)
  const [header = '', , signature = ''] = token.split('.')
  const [, claims = ''] = other.split('.')
  const forgeries = [
    `${header}.${claims}.${signature}`,
    `${claims}.${claims}.${signature}`,
    `.${signature}`,
    signature,
    signature.slice(-43),
  ]
  for (const forged of forgeries) {
    expect(await tokens.verifyAccess(forged, now)).toBeNull()
    expect(await tokens.verifyAccess(token, now)).toMatchObject(ming)
  }
})

describe('a token', () => {
  it('has the claims of RFC 9068 that the contract names, and no other', async () => {
    const tokens = await setUp()
    const { token } = await tokens.signAccess(ming, now + 999)
    const { jti, ...claims } = decodeJwt(token)
    const iat = now / 1000
    expect(claims).toEqual({
      ...{ iss: issuer, sub: 'ming', aud: 'wx1', client_id: 'wx1', sid: 's1' },
      ...{ iat, exp: iat + 900 },
    })
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: 'k1' })
    expect(jti).toMatch(/^[0-9a-f-]{36}$/)
    expect(decodeJwt((await tokens.signAccess(ming, now)).token).jti).not.toBe(jti)
  })

  it.each([
    [59_999, now / 1000 + 0.5, now + 500 + 59_999],
    [60_000, now / 1000, now + 60_000],
  ])('that lives for %i ms has the issue time %d', async (life, iat, expiresAt) => {
    const tokens = await setUp({ ttl: life })
    const signed = await tokens.signAccess(ming, now + 500)
    expect(decodeJwt(signed.token).iat).toBe(iat)
    expect(signed.expiresAt).toBe(expiresAt)
    expect(await tokens.verifyAccess(signed.token, expiresAt - 1)).toMatchObject(ming)
    expect(await tokens.verifyAccess(signed.token, expiresAt)).toBeNull()
  })

  it('that expired before it was first seen is refused', async () => {
    const tokens = await setUp()
    const { token, expiresAt } = await tokens.signAccess(ming, now)
    expect(await tokens.verifyAccess(token, expiresAt)).toBeNull()
    expect(await tokens.verifyAccess(token, expiresAt - 1)).toMatchObject(ming)
  })

  it('of the right key with all claims is accepted', async () => {
    const { sign, verifyAccess } = await setUp()
    expect(await verifyAccess(await sign(claimsOf()), now)).toMatchObject(ming)
  })

  it.each(['first seen', 'verified before'])(
    'that was issued more than half an hour from now is refused until then, %s',
    async (seen) => {
      const { signAccess, verifyAccess } = await setUp()
      const ahead = now + 200 * 86_400_000
      const { token } = await signAccess(ming, ahead)
      if (seen === 'verified before') expect(await verifyAccess(token, ahead)).toMatchObject(ming)
      expect(await verifyAccess(token, now)).toBeNull()
      expect(await verifyAccess(token, ahead - 1_800_001)).toBeNull()
      expect(await verifyAccess(token, ahead - 1_800_000)).toMatchObject(ming)
    },
  )

  it('with a longer lifetime, of before ACCESS_TOKEN_TTL was lowered, is accepted', async () => {
    const { sign, verifyAccess } = await setUp({ ttl: 60_000 })
    const token = await sign(claimsOf({ exp: now / 1000 + 86_400 }))
    expect(await verifyAccess(token, now + 86_399_000)).toMatchObject(ming)
  })

  it('of an earlier version, without client_id, is accepted', async () => {
    const { sign, verifyAccess } = await setUp()
    const earlier = await sign(claimsOf({ client_id: undefined }))
    expect(await verifyAccess(earlier, now)).toMatchObject(ming)
  })

  it.each([
    ['another client_id', { client_id: 'wx2' }, {}],
    ['a client_id that is no text', { client_id: ['wx1'] }, {}],
    ['the type JWT', {}, { typ: 'JWT' }],
    ['no type', {}, { typ: undefined }],
    ['another issuer', { iss: 'https://other.example' }, {}],
    ['no issuer', { iss: undefined }, {}],
    ['no subject', { sub: undefined }, {}],
    ['no audience', { aud: undefined }, {}],
    ['no session', { sid: undefined }, {}],
    ['no id', { jti: undefined }, {}],
    ['no issue time', { iat: undefined }, {}],
    ['no expiry', { exp: undefined }, {}],
    ['a subject that is no text', { sub: 5 }, {}],
    ['two audiences', { aud: ['wx1', 'wx2'] }, {}],
    ['a session that is no text', { sid: 5 }, {}],
  ])('of the right key with %s is refused', async (_what, change, header) => {
    const { sign, verifyAccess } = await setUp()
    expect(await verifyAccess(await sign(claimsOf(change), header), now)).toBeNull()
  })

  it('with the other signature of the pair is refused, although it verifies', async () => {
    const tokens = await setUp()
    const { token } = await tokens.signAccess(ming, now)
    const twin = withHighS(token)
    expect(twin).not.toBe(token)
    expect(
      (await jwtVerify(twin, tokens.publicKey, { currentDate: new Date(now) })).payload.sub,
    ).toBe('ming')
    expect(await tokens.verifyAccess(twin, now)).toBeNull()
  })

  it('in another spelling of the same bytes is refused', async () => {
    const tokens = await setUp()
    const { token } = await tokens.signAccess(ming, now)
    const [header = '', claims = '', signature = ''] = token.split('.')
    for (const other of [
      `${header}=.${claims}.${signature}`,
      `${header}.${claims}=.${signature}`,
      `${token}==`,
      `${token}\n`,
      ` ${token}`,
    ])
      expect(await tokens.verifyAccess(other, now), JSON.stringify(other)).toBeNull()
  })

  it('of another key is refused', async () => {
    const [own, other] = [await setUp(), await setUp()]
    expect(await own.verifyAccess((await other.signAccess(ming, now)).token, now)).toBeNull()
  })
})

describe('a token of a former key', () => {
  const verifyWith = async (until: number | null) => {
    const [own, other] = [await setUp(), await setUp()]
    const former = [{ ...other.key, kid: 'k2', until }]
    const tokens = createAccessTokens({ keys: ringOf(own.key, former), issuer, ttl })
    const verify = async (kid: string | undefined, at: number) =>
      tokens.verifyAccess(await other.sign(claimsOf(), { kid }), at)
    return { verify }
  }

  it('is accepted while the key is listed, by the id of the key alone', async () => {
    const { verify } = await verifyWith(null)
    expect(await verify('k2', now)).toMatchObject(ming)
    for (const kid of ['k1', 'k3', undefined]) expect(await verify(kid, now)).toBeNull()
  })

  it('is refused from the time on when the last token of the key has expired', async () => {
    const { verify } = await verifyWith(now + 1)
    expect(await verify('k2', now + 1)).toBeNull()
    expect(await verify('k2', now)).toMatchObject(ming)
  })
})

it('a fault of the key itself is no refusal', async () => {
  const { key, sign } = await setUp()
  const broken = { ...key, publicKey: {} as typeof key.publicKey }
  const tokens = createAccessTokens({ keys: ringOf(broken), issuer, ttl })
  await expect(tokens.verifyAccess(await sign(claimsOf()), now)).rejects.toThrow(TypeError)
})
