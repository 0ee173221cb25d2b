import { expect, it } from 'vitest'
import { appId, register, startService } from '../harness.ts'
import { expectUnreadable } from '../readable.ts'

type Line = Record<string, unknown> & { msg: string }

async function startLogged(level: string) {
  const lines: Line[] = []
  const logStream = { write: (line: string) => void lines.push(JSON.parse(line)) }
  const service = await startService({ LOG_LEVEL: level }, { logStream })
  const url = service.url()
  const json = { 'content-type': 'application/json' }
  return {
    service,
    lines,
    lineOf: (msg: string) => lines.find((line) => line.msg === msg),
    post: (path: string, body: unknown, headers: Record<string, string> = {}) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: { ...json, ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    get: (path: string, headers: Record<string, string> = {}) =>
      fetch(`${url}${path}`, { headers }),
  }
}

it('a refused call is named with its reason and its trace id, and its request by its path', async () => {
  const { post, lines } = await startLogged('info')
  const response = await post('/trpc/miniLogin?batch=none', { appId, code: 'made-up-code' })
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  const reqId = response.headers.get('x-trace-id')
  expect(lines.filter((line) => line['reqId'] !== undefined)).toEqual([
    {
      level: 'info',
      time,
      reqId,
      reason: 'code_rejected',
      path: 'miniLogin',
      detail: expect.stringContaining('40029'),
      msg: 'call refused',
    },
    {
      level: 'info',
      time,
      reqId,
      req: { method: 'POST', path: '/trpc/miniLogin', ip: '127.0.0.1' },
      res: { statusCode: 400 },
      ms: expect.any(Number),
      msg: 'request',
    },
  ])
})

it.each(['info', 'trace'])(
  'no line at the level %s holds an input, a token or a password',
  async (level) => {
    const { service, post, get, lines } = await startLogged(level)
    const { tokens } = await register(service, 'ming', 'ming')
    const secrets = ['secret-of-the-body', 'secret-of-the-query', 'secret-of-a-header']
    const [body = '', query = '', header = ''] = secrets
    const input = encodeURIComponent(JSON.stringify({ search: query }))
    const credential = { type: 'password', account: body, password: body }
    const bearer = { authorization: `Bearer ${tokens.accessToken}` }
    await post('/trpc/bind', { proof: { ticket: body }, credential })
    await post('/trpc/miniLogin', { appId, code: body, [body]: body })
    await post('/trpc/miniLogin', `{"code":${body}}`)
    await post('/trpc/account.updateProfile', { nickname: body.repeat(9) }, bearer)
    await post('/trpc/session.refresh', { refreshToken: tokens.refreshToken }, bearer)
    await post('/auth/miniLogin', { appId, code: body })
    await post('/auth/bind', `{"ticket":${body}}`)
    await post('/auth/refresh', { refreshToken: body })
    await post('/admin/trpc/account.signIn', { account: body, password: body })
    await get(`/trpc/me?input=${input}`, { authorization: header, cookie: `sid=${header}` })
    await get(`/admin/trpc/people.list?input=${input}`, bearer)
    await get(`/auth/queryUserNow?q=${query}`, { sid: header })
    await get(`/nowhere?q=${query}`, { 'user-agent': header, 'x-any': header })
    await get(`/%ff?q=${query}`)
    expect(lines.length).toBeGreaterThan(14)
    const log = Buffer.from(JSON.stringify(lines))
    for (const secret of [...secrets, tokens.accessToken, tokens.refreshToken])
      expectUnreadable(log, secret)
  },
)

it.each([
  ['/trpc/me', 'me'],
  ['/auth/queryUserNow', '/auth/queryUserNow'],
])(
  'an unexpected error at %s is logged as a whole, with its stack and its trace id',
  async (address, path) => {
    const { service, get, lineOf } = await startLogged('info')
    const { tokens } = await register(service, 'ming', 'ming')
    service.database().close()
    const bearer = { authorization: `Bearer ${tokens.accessToken}` }
    const response = await get(address, bearer)
    expect(response.status).toBe(500)
    expect(lineOf('call failed')).toMatchObject({
      level: 'error',
      reqId: response.headers.get('x-trace-id'),
      reason: 'internal',
      path,
      err: { stack: expect.stringContaining('not open') },
    })
  },
)

it.each(['/trpc/miniLogin', '/auth/miniLogin'])(
  'what an administrator has to mend at WeChat is an error at %s',
  async (address) => {
    const { service, post, lineOf } = await startLogged('info')
    const path = '/sns/jscode2session'
    // The app secret is wrong.
    await service.playWechat('fault', { kind: 'errcode', errcode: 40125, path })
    const response = await post(address, { appId, code: await service.code('ming') })
    expect(response.status).toBe(500)
    expect(lineOf('call failed')).toMatchObject({ level: 'error', reason: 'wechat_misconfigured' })
  },
)

it('a call that goes well makes no line at info, and one at debug', async () => {
  for (const [level, count] of [
    ['info', 0],
    ['debug', 1],
  ] as const) {
    const { get, lines } = await startLogged(level)
    await (await get('/.well-known/jwks.json')).text()
    expect(lines.filter(({ msg }) => msg === 'request')).toHaveLength(count)
  }
})
