import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { enrol, startWithAdministrator } from '../admin/client.ts'
import { appId, reasonOf, register, startService } from '../harness.ts'
import { call } from '../rest/rest-client.ts'

const text = 'a\u0000b'

it('U+0000 in a text is refused before the call does anything, over tRPC and over plain HTTP', async () => {
  const service = await startService()
  const { tokens } = await register(service, 'ming', 'ming')
  const client = service.client(tokens.accessToken)
  const refused = [
    client.miniLogin.mutate({ appId, code: text }),
    client.session.revoke.mutate({ sessionId: text }),
    client.session.refresh.mutate({ refreshToken: text }),
    client.account.updateProfile.mutate({ avatarUrl: `https://a.example/${text}` }),
  ]
  const reasons = await Promise.all(refused.map((each: Promise<unknown>) => reasonOf(each)))
  expect(reasons).toEqual(refused.map(() => 'invalid_input'))
  const { status, body } = await call(service, '/auth/miniLogin', { body: { appId, code: text } })
  expect([status, body.data.reason]).toEqual([400, 'invalid_input'])
  expect((await call(service, '/avatars/a%00.png')).status).toBe(404)
})

it('U+0000 in a text is refused in the queries and mutations of the console', async () => {
  const service = await startWithAdministrator()
  const { admin } = (await enrol(service)).browser
  const refused = [
    admin.people.list.query({ search: text }),
    admin.people.view.query({ userId: text }),
    admin.people.disable.mutate({ userId: text }),
    admin.audit.list.query({ userId: text }),
    admin.audit.count.query({ operatorId: text }),
  ]
  const reasons = await Promise.all(refused.map((each: Promise<unknown>) => reasonOf(each)))
  expect(reasons).toEqual(refused.map(() => 'invalid_input'))
})

/** Sends bytes as they are, which no client library does, and returns the status of the reply. */
async function sendRaw(url: string, ...lines: readonly string[]): Promise<string> {
  const { port } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  socket.end(`${lines.join('\r\n')}\r\nhost: a\r\nconnection: close\r\n\r\n`)
  let reply = ''
  for await (const chunk of socket) reply += String(chunk)
  return reply.split(' ')[1] ?? ''
}

it.each(['user-agent', 'cookie', 'authorization', 'sid', 'x-forwarded-for', 'origin'])(
  'a header %s with U+0000 does not reach the service',
  async (name) => {
    const service = await startService({ TRUST_PROXY: '127.0.0.1' })
    expect(await sendRaw(service.url(), 'GET /readyz HTTP/1.1', `${name}: ${text}`)).toBe('400')
    const lines = service.database().sqlite.prepare('select count(*) from audit_events').pluck()
    expect(lines.get()).toBe(0)
  },
)

it('U+0000 in a path, a query and a cookie value is part of nothing that is stored', async () => {
  const service = await startWithAdministrator()
  const statuses = await Promise.all([
    sendRaw(service.url(), 'GET /trpc/me%00 HTTP/1.1'),
    sendRaw(service.url(), 'GET /trpc/session.list?input=%22%00%22 HTTP/1.1'),
    sendRaw(service.url(), 'GET /auth/queryUserNow?a=%00 HTTP/1.1', 'cookie: sid=%00'),
    sendRaw(
      service.url(),
      'GET /admin/trpc/account.current HTTP/1.1',
      'cookie: __Host-mianmi-operator=%00; __Host-mianmi-browser=%00',
    ),
  ])
  expect(statuses).toEqual(['404', '401', '401', '401'])
  const { sqlite } = service.database()
  const tables = sqlite
    .prepare<[], string>("select name from sqlite_schema where type = 'table'")
    .pluck()
    .all()
  for (const table of tables) {
    const rows = sqlite.prepare(`select * from "${table}"`).all()
    const texts = JSON.stringify(rows, (_key, value) => (Buffer.isBuffer(value) ? '' : value))
    expect(texts, table).not.toContain('\\u0000')
  }
})
