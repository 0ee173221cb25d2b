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
