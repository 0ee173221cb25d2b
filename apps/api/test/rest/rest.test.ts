import { describe, expect, it } from 'vitest'
import { appId, otherAppId, register, startService, ticketFor } from '../harness.ts'
import { call, signIn } from './rest-client.ts'

const password = 'correct horse'
const oneApp = { WECHAT_APPS: `${appId}:secret-one` }

describe('POST /auth/miniLogin', () => {
  it('gives an unknown identity a ticket, in the envelope and under its own id', async () => {
    const service = await startService()
    const body = { appId, code: await service.code('ming') }
    const reply = await call(service, '/auth/miniLogin', { body })
    expect(reply.status).toBe(200)
    expect(reply.body).toEqual({
      success: true,
      code: 200,
      message: 'OK',
      datetime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      traceId: reply.headers.get('x-trace-id'),
      data: {
        sid: null,
        refreshToken: null,
        openId: null,
        unionId: null,
        userId: null,
        needVerify: true,
        ticket: expect.stringMatching(/^[\w-]{43}$/),
        newUser: false,
      },
    })
    expect(reply.headers.get('set-cookie')).toBeNull()
    expect(reply.headers.get('cache-control')).toBe('no-store')
  })

  it('signs a known identity in, with a token that tRPC takes too', async () => {
    const service = await startService()
    const { user } = await register(service, 'ming', 'ming')
    const reply = await signIn(service, { appId, code: await service.code('ming') })
    const { data } = reply.body
    expect(data).toMatchObject({ userId: user.id, needVerify: false, ticket: null, newUser: false })
    const me = await service.client(reply.sid).me.query()
    expect(me.user.id).toBe(user.id)
  })

  it('needs no appid where one app is configured, and one where there are several', async () => {
    const [one, several] = await Promise.all([startService(oneApp), startService()])
    const body = { code: await one.code('ming') }
    expect((await call(one, '/auth/miniLogin', { body })).body.data.needVerify).toBe(true)
    const refused = await call(several, '/auth/miniLogin', { body })
    expect(refused.status).toBe(400)
    expect(refused.body.data).toEqual({ reason: 'invalid_input' })
  })

  it('carries openId and unionId only where the administrator says so', async () => {
    const service = await startService({ EXPOSE_OPENID: 'true' })
    const login = async () => {
      const body = { appId, code: await service.code('ming') }
      return (await call(service, '/auth/miniLogin', { body })).body.data
    }
    const unbound = await login()
    expect(unbound.openId).toMatch(/./)
    expect(unbound.unionId).toMatch(/./)
    const proof = { ticket: unbound.ticket ?? '' }
    await service.client().register.mutate({ proof, account: 'ming', password })
    const { openId, unionId } = unbound
    expect(await login()).toMatchObject({ needVerify: false, openId, unionId })
  })

  it('refuses a used code, an invented code and an unknown app', async () => {
    const service = await startService()
    const body = { appId, code: await service.code('ming') }
    await call(service, '/auth/miniLogin', { body })
    for (const [sent, reason] of [
      [body, 'code_used'],
      [{ appId, code: 'made-up' }, 'code_rejected'],
      [{ appId: 'wxffffffffffffffff', code: 'made-up' }, 'app_unknown'],
    ] as const) {
      const reply = await call(service, '/auth/miniLogin', { body: sent })
      expect(reply.body).toMatchObject({ success: false, code: 400, data: { reason } })
    }
  })
})

describe('POST /auth/bind', () => {
  const account = { account: 'ming', password }

  it('binds by ticket or fresh code to the account of a password', async () => {
    const service = await startService()
    const { user } = await register(service, 'ming', 'ming')
    const body = { ticket: await ticketFor(service, 'hong', otherAppId), ...account }
    const bound = await call(service, '/auth/bind', { body })
    expect(bound.body.data).toMatchObject({ userId: user.id, needVerify: false, newUser: false })
    expect(bound.headers.get('set-cookie')).toContain(`sid=${bound.body.data.sid};`)
    const again = { appId: otherAppId, code: await service.code('hong', otherAppId), ...account }
    const repeated = await call(service, '/auth/bind', { body: again })
    expect(repeated.body.data.userId).toBe(user.id)
  })

  it('binds by phone number, and without an appid where one app is configured', async () => {
    const service = await startService(oneApp)
    const body = { code: await service.code('ming'), phoneCode: await service.phoneCode('ming') }
    const { data } = (await call(service, '/auth/bind', { body })).body
    expect(data).toMatchObject({ needVerify: false, newUser: true })
    const login = await signIn(service, { code: await service.code('ming') })
    expect(login.body.data.userId).toBe(data.userId)
  })

  it('refuses a wrong password, an invented ticket and a mixture of proofs', async () => {
    const service = await startService()
    await register(service, 'ming', 'ming')
    const ticket = await ticketFor(service, 'hong', otherAppId)
    for (const [body, code, reason] of [
      [{ ticket, account: 'ming', password: 'wrong' }, 401, 'credential_rejected'],
      [{ ticket: 'made-up', ...account }, 400, 'ticket_rejected'],
      [{ ticket, appId, code: 'c', ...account }, 400, 'invalid_input'],
      [{ ticket }, 400, 'invalid_input'],
      [{ code: 'c', ...account }, 400, 'invalid_input'],
    ] as const) {
      const reply = await call(service, '/auth/bind', { body })
      expect(reply.body, JSON.stringify(body)).toMatchObject({ code, data: { reason } })
      expect(reply.headers.get('set-cookie')).toBeNull()
    }
  })

  it('says how long to wait when a limit is reached, in the body and in the header', async () => {
    const service = await startService({ RATE_LIMIT_FACTOR: '0.1' })
    await register(service, 'ming', 'ming')
    const ticket = await ticketFor(service, 'hong', otherAppId)
    const body = { ticket, account: 'ming', password: 'wrong' }
    await call(service, '/auth/bind', { body })
    const reply = await call(service, '/auth/bind', { body })
    expect(reply.status).toBe(429)
    expect(reply.body).toMatchObject({ success: false, code: 429, message: 'Too many tries.' })
    const { reason, retryAfter } = reply.body.data
    expect(reason).toBe('rate_limited')
    expect(retryAfter).toBeGreaterThan(0)
    expect(reply.headers.get('retry-after')).toBe(String(retryAfter))
  })
})

describe('POST /auth/refresh and POST /auth/logout', () => {
  it('a refresh token gives a new sid, and logging out ends both', async () => {
    const service = await startService()
    await register(service, 'ming', 'ming')
    const first = await signIn(service, { appId, code: await service.code('ming') })
    const body = { refreshToken: first.refreshToken }
    const { data } = (await call(service, '/auth/refresh', { body })).body
    expect(data).toEqual({ sid: expect.any(String), refreshToken: expect.any(String) })
    const headers = { sid: data.sid ?? '' }
    const out = await call(service, '/auth/logout', { method: 'POST', headers })
    expect(out.body).toMatchObject({ success: true, code: 200, data: {} })
    expect((await call(service, '/auth/queryUserNow', { headers })).status).toBe(401)
    const late = await call(service, '/auth/refresh', {
      body: { refreshToken: data.refreshToken },
    })
    expect(late.body).toMatchObject({ code: 401, data: { reason: 'unauthenticated' } })
  })

  it('an access token is not accepted as a refresh token, nor the other way round', async () => {
    const service = await startService()
    await register(service, 'ming', 'ming')
    const { sid, refreshToken } = await signIn(service, { appId, code: await service.code('ming') })
    const wrong = await call(service, '/auth/refresh', { body: { refreshToken: sid } })
    expect(wrong.status).toBe(401)
    const headers = { sid: refreshToken }
    expect((await call(service, '/auth/queryUserNow', { headers })).status).toBe(401)
    expect((await call(service, '/auth/queryUserNow', { headers: { sid } })).status).toBe(200)
  })

  it('logging out takes no input, an empty object, or JSON of no bytes as wx.request sends it', async () => {
    const service = await startService()
    await register(service, 'ming', 'ming')
    for (const body of ['', {}]) {
      const { sid } = await signIn(service, { appId, code: await service.code('ming') })
      const reply = await call(service, '/auth/logout', { body, headers: { sid } })
      expect(reply.status, JSON.stringify(body)).toBe(200)
    }
    const { sid } = await signIn(service, { appId, code: await service.code('ming') })
    const reply = await call(service, '/auth/logout', { body: { all: true }, headers: { sid } })
    expect(reply.body.data.reason).toBe('invalid_input')
  })
})

describe('errors below /auth', () => {
  it.each([
    ['an unknown route', '/auth/nothing', {}, 404, 'not_found'],
    ['the place itself', '/auth', {}, 404, 'not_found'],
    ['a wrong method', '/auth/miniLogin', {}, 405, 'method_not_allowed'],
    ['an address that cannot be decoded', '/auth/%ff', {}, 400, 'invalid_input'],
    ['no JSON', '/auth/miniLogin', { body: '{"code":' }, 400, 'invalid_input'],
    ['no object', '/auth/miniLogin', { body: '[]' }, 400, 'invalid_input'],
    ['an unknown key', '/auth/miniLogin', { body: { code: 'c', x: 1 } }, 400, 'invalid_input'],
    ['a prototype', '/auth/miniLogin', { body: '{"__proto__":{}}' }, 400, 'invalid_input'],
    [
      'a form',
      '/auth/miniLogin',
      { body: 'code=c', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported_media_type',
    ],
    [
      'plain text',
      '/auth/logout',
      { body: '{}', headers: { 'content-type': 'text/plain', sid: 'x' } },
      415,
      'unsupported_media_type',
    ],
    ['no token', '/auth/queryUserNow', {}, 401, 'unauthenticated'],
  ] as const)('%s is refused in the envelope', async (_title, path, sent, code, reason) => {
    const service = await startService()
    const reply = await call(service, path, sent)
    expect(reply.status).toBe(code)
    expect(reply.body).toEqual({
      success: false,
      code,
      message: expect.stringMatching(/\.$/),
      datetime: expect.stringMatching(/Z$/),
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      data: { reason },
    })
  })

  it('WeChat being down is said without saying more', async () => {
    const service = await startService()
    await service.playWechat('fault', { kind: 'busy' })
    const body = { appId, code: await service.code('ming') }
    const reply = await call(service, '/auth/miniLogin', { body })
    expect(reply.body).toMatchObject({ code: 503, data: { reason: 'wechat_unavailable' } })
  })

  it('an internal error shows a trace id and nothing else', async () => {
    const service = await startService()
    await register(service, 'ming', 'ming')
    const { sid } = await signIn(service, { appId, code: await service.code('ming') })
    service.database().close()
    const reply = await call(service, '/auth/queryUserNow', { headers: { sid } })
    expect(reply.status).toBe(500)
    expect(reply.body.data).toEqual({ reason: 'internal' })
    expect(JSON.stringify(reply.body)).not.toMatch(/sqlite|database|stack/i)
  })
})
