import { inspect } from 'node:util'
import { expect, expectTypeOf, test } from 'vitest'
import { createWechat, type WechatErrorKind, type WechatOptions } from './index.ts'
import { readWechatOptions } from './wechat-options.ts'

const apps = { wx1: 's1' }

test.each([
  undefined,
  'https://api.weixin.qq.com',
  'https://proxy.example/wechat',
  'http://127.0.0.1:3101',
  'http://127.9.9.9:3101/',
  'http://localhost:3101',
  'http://[::1]:3101',
])('base address %s is accepted', async (baseUrl) => {
  const wechat = createWechat(baseUrl === undefined ? { apps } : { apps, baseUrl })
  await wechat.close()
})

test.each([
  'http://api.weixin.qq.com',
  'http://10.0.0.1',
  'http://127.0.0.1.example.com',
  'http://localhost.example.com',
  'http://[::2]',
  'ftp://127.0.0.1',
  'https://user:sentinel@api.weixin.qq.com',
  'https://api.weixin.qq.com/?sentinel',
  'https://api.weixin.qq.com/#sentinel',
  'sentinel',
  '',
])('base address "%s" is refused, and the error does not contain it', (baseUrl) => {
  expect(refusal({ apps, baseUrl })).toMatch(/^TypeError: baseUrl/)
  expect(refusal({ apps, baseUrl })).not.toContain('sentinel')
})

test('the defaults are those of the README', () => {
  const { onRequestEnd, ...defaults } = readWechatOptions({ apps })
  expect(defaults).toEqual({
    apps: new Map([['wx1', 's1']]),
    baseUrl: new URL('https://api.weixin.qq.com'),
    connectTimeout: 1_500,
    timeout: 3_000,
    maxReplyBytes: 64 * 1024,
    maxConcurrent: 128,
    maxQueued: 1_024,
    breaker: { failures: 8, window: 60_000, pause: 1_000, maxPause: 5_000 },
    now: Date.now,
  })
})

test('connectTimeout is at most timeout', () => {
  expect(readWechatOptions({ apps, timeout: 700 })).toMatchObject({ connectTimeout: 700 })
  expect(readWechatOptions({ apps, timeout: 700, connectTimeout: 600 })).toMatchObject({
    connectTimeout: 600,
  })
})

test('a queue of no call is accepted', () => {
  expect(readWechatOptions({ apps, maxQueued: 0 })).toMatchObject({ maxQueued: 0 })
})

test.each<[string, WechatOptions]>([
  ['an empty secret', { apps: { wx1: '' } }],
  ['an empty appid', { apps: { '': 'sentinel' } }],
  ['a timeout of zero', { apps, timeout: 0 }],
  ['a timeout that is not a number', { apps, timeout: Number.NaN }],
  ['an infinite connectTimeout', { apps, connectTimeout: Number.POSITIVE_INFINITY }],
  ['no concurrent call', { apps, maxConcurrent: 0 }],
  ['a queue of half a call', { apps, maxQueued: 0.5 }],
  ['a breaker that opens after no failure', { apps, breaker: { failures: 0 } }],
  ['a breaker without a pause', { apps, breaker: { pause: 0 } }],
  ['a negative maxReplyBytes', { apps, maxReplyBytes: -1 }],
])('%s is refused', (_name, options) => {
  expect(refusal(options)).toMatch(/^TypeError/)
  expect(refusal(options)).not.toContain('sentinel')
})

test('a table of the kinds does not compile when one is missing', () => {
  type Table = Record<WechatErrorKind, number>
  expectTypeOf<Omit<Table, 'busy'>>().not.toExtend<Table>()
  expectTypeOf<Table>().toExtend<Table>()
})

function refusal(options: WechatOptions): string {
  try {
    createWechat(options)
    return 'taken'
  } catch (error) {
    return inspect(error).replace(/\n\s+at .*/g, '')
  }
}
