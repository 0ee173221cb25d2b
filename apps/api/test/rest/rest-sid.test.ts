import { createWx } from '@mianmi/wechat-sandbox/wx'
import { describe, expect, it } from 'vitest'
import { appId, register, startService, type TestService } from '../harness.ts'
import { call, signIn } from './rest-client.ts'

async function signedIn(service: TestService) {
  await register(service, 'ming', 'ming')
  return signIn(service, { appId, code: await service.code('ming') })
}

describe('the sid', () => {
  it('is accepted as a Bearer token, as a header and as a cookie', async () => {
    const service = await startService()
    const { sid, pair, body } = await signedIn(service)
    for (const headers of [
      { authorization: `Bearer ${sid}` },
      { authorization: `bearer ${sid}` },
      { sid },
      { cookie: pair },
      { cookie: `theme=dark; ${pair}; lang=zh` },
      { authorization: 'Basic eDp5', sid },
      { sid: '', cookie: pair },
    ]) {
      const reply = await call(service, '/auth/queryUserNow', { headers })
      expect(reply.body.data, JSON.stringify(headers)).toMatchObject({
        id: body.data.userId,
        account: 'ming',
        role: 'user',
      })
    }
  })

  it('uses the first place that has a token, never a second', async () => {
    const service = await startService()
    const { sid, pair } = await signedIn(service)
    for (const headers of [
      { authorization: 'Bearer x', sid, cookie: pair },
      { sid: 'x', cookie: pair },
      { cookie: `sid=x; ${pair}` },
      { cookie: `${pair}; sid=x` },
      { cookie: `${pair}; ${pair}` },
    ])
      expect((await call(service, '/auth/queryUserNow', { headers })).status).toBe(401)
  })

  it('a token with one changed character is refused everywhere', async () => {
    const service = await startService()
    const { sid } = await signedIn(service)
    for (const altered of [`${sid}=`, `${sid.slice(0, -1)}${sid.endsWith('A') ? 'B' : 'A'}`])
      for (const headers of [
        { authorization: `Bearer ${altered}` },
        { sid: altered },
        { cookie: `sid=${altered}` },
      ])
        expect((await call(service, '/auth/queryUserNow', { headers })).status).toBe(401)
  })

  it('works for tRPC procedures as a Bearer token only', async () => {
    const service = await startService()
    const { sid, pair } = await signedIn(service)
    for (const [headers, status] of [
      [{ authorization: `Bearer ${sid}` }, 200],
      [{ sid }, 401],
      [{ cookie: pair }, 401],
    ] as const)
      expect((await fetch(`${service.url()}/trpc/me`, { headers })).status).toBe(status)
  })
})

describe('the cookie', () => {
  it('lives as long as the token, is HttpOnly, and is Secure unless the host is loopback', async () => {
    const service = await startService({ ACCESS_TOKEN_TTL: '60', TRUST_PROXY: '127.0.0.1' })
    const { sid, cookie } = await signedIn(service)
    expect(cookie).toBe(`sid=${sid}; Max-Age=60; Path=/; HttpOnly; SameSite=Lax`)
    for (const headers of [
      { 'x-forwarded-for': '203.0.113.9' },
      { 'x-forwarded-host': 'id.example' },
    ]) {
      const body = { appId, code: await service.code('ming') }
      const reply = await call(service, '/auth/miniLogin', { body, headers })
      expect(reply.headers.get('set-cookie')).toMatch(/; Secure$/)
    }
  })

  it('is renewed with the token and removed by signing out', async () => {
    const service = await startService()
    const { refreshToken } = await signedIn(service)
    const renewed = await call(service, '/auth/refresh', { body: { refreshToken } })
    const { sid } = renewed.body.data
    expect(renewed.headers.get('set-cookie')).toContain(`sid=${sid};`)
    const headers = { cookie: `sid=${sid}` }
    const out = await call(service, '/auth/logout', { body: {}, headers })
    expect(out.headers.get('set-cookie')).toBe('sid=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax')
    expect((await call(service, '/auth/queryUserNow', { headers })).status).toBe(401)
  })

  it('changes nothing when another site makes a browser send it', async () => {
    const service = await startService({ ALLOWED_ORIGINS: 'https://app.example' })
    const { pair: cookie } = await signedIn(service)
    for (const [headers, status] of [
      [{ cookie, origin: 'https://evil.example' }, 403],
      [{ cookie, origin: 'null' }, 403],
      [{ cookie, origin: 'http://127.0.0.1:1' }, 403],
      [{ cookie, 'content-type': 'text/plain' }, 415],
      [{ cookie, 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ] as const)
      expect((await call(service, '/auth/logout', { body: '{}', headers })).status).toBe(status)
    const bare = await call(service, '/auth/logout', { method: 'POST', headers: { cookie } })
    expect(bare.body.data.reason).toBe('invalid_input')
    expect((await call(service, '/auth/queryUserNow', { headers: { cookie } })).status).toBe(200)
  })

  it('lets another site replace nothing', async () => {
    const service = await startService({ ALLOWED_ORIGINS: 'https://app.example' })
    const { pair: cookie, refreshToken } = await signedIn(service)
    const foreign = { cookie, origin: 'https://evil.example' }
    for (const [path, body] of [
      ['/auth/refresh', { refreshToken }],
      ['/auth/miniLogin', { appId, code: await service.code('ming') }],
      ['/auth/bind', { ticket: 'x', account: 'ming', password: 'correct horse' }],
    ] as const) {
      const reply = await call(service, path, { body, headers: foreign })
      expect(reply.body.data.reason, path).toBe('forbidden')
      expect(reply.headers.get('set-cookie')).toBeNull()
    }
    const headers = { cookie, origin: 'https://app.example' }
    expect((await call(service, '/auth/refresh', { body: { refreshToken }, headers })).status).toBe(
      200,
    )
  })

  it('works from pages of the same and of an allowed origin', async () => {
    const service = await startService({ ALLOWED_ORIGINS: 'https://app.example' })
    await register(service, 'ming', 'ming')
    for (const origin of [service.url(), 'https://app.example']) {
      const { pair } = await signIn(service, { appId, code: await service.code('ming') })
      const headers = { cookie: pair, origin }
      const reply = await call(service, '/auth/logout', { body: {}, headers })
      expect(reply.status, origin).toBe(200)
    }
  })

  it('is accepted from scripts of an allowed origin, and of no other', async () => {
    const service = await startService({ ALLOWED_ORIGINS: 'https://app.example' })
    const preflight = async (origin: string) => {
      const { headers } = await fetch(`${service.url()}/auth/logout`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      })
      const allowed = headers.get('access-control-allow-origin')
      return [allowed, headers.get('access-control-allow-credentials')]
    }
    expect(await preflight('https://app.example')).toEqual(['https://app.example', 'true'])
    expect((await preflight('https://evil.example'))[0]).toBeNull()
  })
})

describe('a client written as the tutorials teach', () => {
  it('sends a stored Set-Cookie back whole as Cookie, and stays signed in', async () => {
    const service = await startService({ WECHAT_APPS: `${appId}:secret-one` })
    await register(service, 'ming', 'ming')
    const wx = createWx({ appId, user: 'ming', sandboxUrl: service.sandboxUrl })

    // As in the seed: no appid, no token, no knowledge of either.
    await new Promise<void>((resolve, reject) => {
      wx.login({
        success: (res) => {
          wx.request({
            url: `${service.url()}/auth/miniLogin`,
            method: 'POST',
            data: { code: res.code },
            success(reply) {
              wx.removeStorageSync('sessionid')
              wx.setStorageSync('sessionid', reply.header['Set-Cookie'])
              resolve()
            },
            fail: reject,
          })
        },
        fail: reject,
      })
    })
    const ask = (url: string, method: 'GET' | 'POST') =>
      new Promise<{ code: number; data: { account?: string } }>((resolve, reject) => {
        wx.request({
          url: `${service.url()}${url}`,
          method,
          header: { Cookie: wx.getStorageSync('sessionid') },
          success: (reply) => resolve(reply.data as never),
          fail: reject,
        })
      })

    expect(wx.getStorageSync('sessionid')).toMatch(/^sid=.*; Path=\/; HttpOnly; SameSite=Lax$/)
    expect(await ask('/auth/queryUserNow', 'GET')).toMatchObject({
      code: 200,
      data: { account: 'ming' },
    })
    expect(await ask('/auth/logout', 'POST')).toMatchObject({ code: 200 })
    expect(await ask('/auth/queryUserNow', 'GET')).toMatchObject({ code: 401 })
  })
})
