import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { appId, login, reasonOf, register, startService } from '../harness.ts'

describe('access tokens', () => {
  it('can be verified by any other service through the JWKS', async () => {
    const service = await startService({ ISSUER: 'https://id.example' })
    const { tokens, user } = await register(service, 'ming', 'ming')
    const jwks = createRemoteJWKSet(new URL(`${service.url()}/.well-known/jwks.json`))
    const { payload } = await jwtVerify(tokens.accessToken, jwks, {
      issuer: 'https://id.example',
      audience: appId,
      typ: 'at+jwt',
    })
    expect(payload).toMatchObject({ sub: user.id, sid: expect.any(String) })
    expect(payload.jti).toEqual(expect.any(String))
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(900)
  })

  it('die at their time, without leeway', async () => {
    const service = await startService({ ACCESS_TOKEN_TTL: '2.5' })
    const { tokens } = await register(service, 'ming', 'ming')
    const client = service.client(tokens.accessToken)
    expect((await client.me.query()).user.account).toBe('ming')
    service.passTime(new Date(tokens.accessTokenExpiresAt).getTime() - Date.now())
    expect(await reasonOf(client.me.query())).toBe('unauthenticated')
  })

  it('are refused when altered, re-encoded, re-signed or without signature', async () => {
    const service = await startService()
    const { tokens } = await register(service, 'ming', 'ming')
    const [header = '', body = '', signature = ''] = tokens.accessToken.split('.')
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url')
    const foreign = await new SignJWT(decodeJwt(tokens.accessToken))
      .setProtectedHeader({ ...decodeProtectedHeader(tokens.accessToken), alg: 'HS256' })
      .sign(new TextEncoder().encode('x'.repeat(32)))
    const swapped = signature.endsWith('A') ? 'B' : 'A'
    const forged = [
      `${none}.${body}.`,
      `${header}.${body}.`,
      `${header}.${body}`,
      `${header}.${body}.${signature}=`,
      `${header}.${body}.${signature.slice(0, -1)}${swapped}`,
      `${header}.${body}x.${signature}`,
      `${header}.${Buffer.from('{}').toString('base64url')}.${signature}`,
      tokens.refreshToken,
      foreign,
      'x',
    ]
    for (const token of forged)
      expect(await reasonOf(service.client(token).me.query()), token).toBe('unauthenticated')
  })

  it('of another installation with the same issuer are refused', async () => {
    const [one, two] = await Promise.all([
      startService({ ISSUER: 'https://id.example' }),
      startService({ ISSUER: 'https://id.example' }),
    ])
    const { tokens } = await register(one, 'ming', 'ming')
    expect(await reasonOf(two.client(tokens.accessToken).me.query())).toBe('unauthenticated')
  })
})

describe('sessions', () => {
  it('survive a restart, and ended ones stay ended', async () => {
    const service = await startService({ ISSUER: 'https://id.example' })
    const { tokens } = await register(service, 'ming', 'ming')
    await service.restart()
    await service.client(tokens.accessToken).me.query()
    await service.client(tokens.accessToken).session.signOut.mutate()
    await service.restart()
    expect(await reasonOf(service.client(tokens.accessToken).me.query())).toBe('unauthenticated')
  })

  it('end at once for both tokens on signing out, and only the one', async () => {
    const service = await startService()
    const { tokens } = await register(service, 'ming', 'ming')
    const other = await login(service, 'ming')
    const client = service.client(tokens.accessToken)
    expect(await client.session.signOut.mutate()).toEqual({})
    expect(await reasonOf(client.me.query())).toBe('unauthenticated')
    const { refreshToken } = tokens
    const refresh = service.client().session.refresh.mutate({ refreshToken })
    expect(await reasonOf(refresh)).toBe('unauthenticated')
    if (other.status !== 'signedIn') throw new Error('not signed in')
    await service.client(other.tokens.accessToken).me.query()
  })

  it('64 refreshes at once get one and the same successor', async () => {
    const service = await startService()
    const { tokens } = await register(service, 'ming', 'ming')
    const { refreshToken } = tokens
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => service.client().session.refresh.mutate({ refreshToken })),
    )
    expect(new Set(answers.map((answer) => answer.refreshToken)).size).toBe(1)
    const [answer] = answers
    expect(answer?.refreshToken).not.toBe(refreshToken)
    await service.client(answer?.accessToken).me.query()
  })

  it('an old refresh token used again ends the session', async () => {
    const service = await startService()
    let { tokens } = await register(service, 'ming', 'ming')
    const stolen = tokens.refreshToken
    for (let i = 0; i < 3; i++)
      tokens = await service
        .client()
        .session.refresh.mutate({ refreshToken: tokens.refreshToken })
        .then((next) => ({ ...tokens, ...next }))
    const replay = service.client().session.refresh.mutate({ refreshToken: stolen })
    expect(await reasonOf(replay)).toBe('unauthenticated')
    expect(await reasonOf(service.client(tokens.accessToken).me.query())).toBe('unauthenticated')
  })

  it('an altered refresh token is refused and ends nothing', async () => {
    const service = await startService()
    const { tokens } = await register(service, 'ming', 'ming')
    const [id, counter, mac] = tokens.refreshToken.split('.')
    for (const refreshToken of [
      `${id}.1.${mac}`,
      `${id}.0${counter}.${mac}`,
      `${tokens.refreshToken}=`,
      `${id}.${counter}.`,
      `${id}.-1.${mac}`,
      'x',
    ]) {
      const call = service.client().session.refresh.mutate({ refreshToken })
      expect(await reasonOf(call), refreshToken).toBe('unauthenticated')
    }
    await service.client(tokens.accessToken).me.query()
  })
})
