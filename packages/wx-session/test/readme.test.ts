import { readFileSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import type { Session, SessionReply } from '../src/index.ts'
import { FakePlatform } from './fixtures/fake-platform.ts'

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8')

it.each(['README.md', 'README.zh-CN.md'])(
  'the first example of %s is the one that is tested',
  (file) => {
    const [, example] = read(`../${file}`).match(/```ts\n([\s\S]*?)```/) ?? []
    expect(example).toBe(read('examples/any-backend.ts'))
  },
)

it.each(['README.md', 'README.zh-CN.md'])(
  'the example of another form in %s is the one that is tested',
  (file) => {
    const example = read('examples/own-replies.ts')
    expect(read(`../${file}`)).toContain(`\`\`\`ts\n${example}\`\`\`\n`)
  },
)

it('the first example signs in, gets a fresh code where the server refuses one, and renews a token', async () => {
  const { wx } = new FakePlatform()
  const replies: Record<string, SessionReply[]> = {
    'https://own.test/login': [
      { statusCode: 400, data: { reason: 'code_rejected' } },
      { statusCode: 200, data: { token: 't1', user: { id: '1' } } },
      { statusCode: 200, data: { token: 't2', user: { id: '1' } } },
    ],
    'https://own.test/orders': [
      { statusCode: 401, data: '' },
      { statusCode: 200, data: ['order'] },
    ],
  }
  const tokens: unknown[] = []
  const request: typeof wx.request = ({ url, header, success }) => {
    tokens.push(header?.['authorization'])
    const reply = replies[url]?.shift()
    if (reply) success(reply)
  }
  vi.stubGlobal('wx', { ...wx, request })
  vi.stubGlobal('host', 'https://own.test')
  vi.stubGlobal('App', ({ onLaunch }: { onLaunch(): void }) => onLaunch())
  // It is compiled with the types of WeChat, by test/examples/tsconfig.json.
  const example = './examples/any-backend.ts'
  const { session }: { session: Session<unknown> } = await import(example)
  const { data } = await session.request({ url: 'https://own.test/orders' })
  expect(data).toEqual(['order'])
  expect(session.state).toEqual({ status: 'signedIn', user: { id: '1' } })
  expect(tokens).toEqual([undefined, undefined, 'Bearer t1', undefined, 'Bearer t2'])
})

it('the example of another form binds, keeps reasons, and renews a token that is refused with the status 200', async () => {
  const { wx } = new FakePlatform()
  const user = { userId: 7 }
  const sent: string[] = []
  const bodies: Record<string, object[]> = {
    '/login': [
      { code: 400, reason: 'code_used' },
      { code: 0, data: { ticket: 'k1', expiresAt: 'later' } },
      { code: 0, data: { token: 't2', user } },
      { code: 0, data: { token: 't3', user } },
    ],
    '/bind': [
      { code: 403, reason: 'credential_rejected' },
      { code: 0, data: { token: 't1', user } },
    ],
    '/orders': [{ code: 401 }, { code: 0, data: ['order'] }],
    '/files': [{ code: 401 }, { code: 0, data: { size: 3 } }],
  }
  const answer = ({ url, header }: { url: string; header?: Record<string, string> }) => {
    const path = url.replace('https://soft.test', '')
    sent.push(`${path} ${header?.['authorization'] ?? ''}`.trim())
    return { statusCode: 200, data: bodies[path]?.shift() }
  }
  const request: typeof wx.request = (options) => options.success(answer(options))
  const uploadFile: typeof wx.request = (options) => {
    const { data, ...reply } = answer(options)
    options.success({ ...reply, data: JSON.stringify(data) })
  }
  vi.stubGlobal('wx', { ...wx, request, uploadFile })
  vi.stubGlobal('host', 'https://soft.test')
  const example = './examples/own-replies.ts'
  const app: {
    session: Session<unknown>
    bind(account: string, password: string): Promise<void>
    upload(filePath: string): Promise<unknown>
  } = await import(example)
  await app.session.launch()
  expect(app.session.state).toEqual({ status: 'unbound', ticket: 'k1', ticketExpiresAt: 'later' })
  const refusal = { data: { reason: 'credential_rejected' } }
  await expect(app.bind('ming', 'wrong')).rejects.toMatchObject(refusal)
  await app.bind('ming', 'right')
  expect(app.session.state).toEqual({ status: 'signedIn', user })
  const { data } = await app.session.request({ url: 'https://soft.test/orders' })
  expect(data).toEqual({ code: 0, data: ['order'] })
  expect(await app.upload('http://tmp/a.jpg')).toEqual({ size: 3 })
  const orders = ['/orders Bearer t1', '/login', '/orders Bearer t2']
  const files = ['/files Bearer t2', '/login', '/files Bearer t3']
  expect(sent).toEqual(['/login', '/login', '/bind', '/bind', ...orders, ...files])
})
