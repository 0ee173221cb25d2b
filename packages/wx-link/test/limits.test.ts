import { beforeEach, describe, expect, it } from 'vitest'
import { createWxClient, wxLink } from '../src/client.ts'
import type { WxRequestOptions } from '../src/index.ts'
import type { TestRouter } from './fixtures/trpc-server.ts'

const url = 'https://example.com/trpc'

/** Answers each request at once with as many results as it has calls. */
let sent: WxRequestOptions[] = []
const request = (options: WxRequestOptions) => {
  sent.push(options)
  const [path = ''] = options.url.slice(url.length + 1).split('?')
  const results = path.split(',').map(() => ({ result: { data: null } }))
  const data = options.url.includes('batch=1') ? results : results[0]
  options.success({ statusCode: 200, data: JSON.stringify(data) })
}
beforeEach(() => {
  sent = []
})

const client = (options: Partial<Parameters<typeof wxLink<TestRouter>>[0]> = {}) =>
  createWxClient<TestRouter>({ links: [wxLink({ url, request, ...options })] })

describe('the number of calls in a request', () => {
  it.each([
    [10, 1],
    [11, 2],
  ])('%i calls are sent in %i requests by default', async (calls, requests) => {
    const api = client()
    await Promise.all(Array.from({ length: calls }, () => api.ping.query()))
    expect(sent).toHaveLength(requests)
  })

  it('is maxItems for mutations too', async () => {
    const api = client({ batch: { maxItems: 2 } })
    await Promise.all(Array.from({ length: 3 }, () => api.nothing.mutate()))
    expect(sent.map((options) => options.url)).toEqual([
      `${url}/nothing,nothing?batch=1`,
      `${url}/nothing`,
    ])
  })

  it('does not mix calls of groups that are full', async () => {
    const api = client({ batch: { maxItems: 2 } })
    const context = { headers: { 'x-app': 'a' } }
    await Promise.all([
      api.ping.query(),
      api.ping.query(undefined, { context }),
      api.ping.query(),
      api.ping.query(),
      api.ping.query(undefined, { context }),
    ])
    expect(sent.map(({ url: address, header }) => [address, header])).toEqual([
      [`${url}/ping,ping?batch=1&input=%7B%7D`, {}],
      [`${url}/ping,ping?batch=1&input=%7B%7D`, { 'x-app': 'a' }],
      [`${url}/ping`, {}],
    ])
  })
})

describe('the length of a URL', () => {
  /** The URL of two calls of `greet` whose names have the given length together. */
  const batchUrl = (length: number) => {
    const inputs = { 0: { name: '' }, 1: { name: 'n'.repeat(length) } }
    const query = encodeURIComponent(JSON.stringify(inputs))
    return `${url}/greet,greet?batch=1&input=${query}`
  }
  const lengthForUrl = (total: number) => total - batchUrl(0).length

  it.each([
    ['by default', 2000, {}],
    ['with maxURLLength', 300, { maxURLLength: 300 }],
  ])('%s is at most %i', async (_when, limit, options) => {
    const api = client(options)
    const greetBoth = (length: number) =>
      Promise.all([api.greet.query({ name: '' }), api.greet.query({ name: 'n'.repeat(length) })])
    await greetBoth(lengthForUrl(limit))
    expect(sent.map((each) => each.url.length)).toEqual([limit])
    sent = []
    await greetBoth(lengthForUrl(limit) + 1)
    expect(sent).toHaveLength(2)
  })

  it('of a single query may be longer, unless methodOverride sends it by POST', async () => {
    const name = 'n'.repeat(300)
    await client({ maxURLLength: 200 }).greet.query({ name })
    const api = client({ maxURLLength: 200, methodOverride: 'POST' })
    await Promise.all([api.greet.query({ name }), api.greet.query({ name: 'short' })])
    expect(sent.map(({ method, url: address, data }) => [method, address.length, data])).toEqual([
      ['GET', expect.any(Number), undefined],
      ['POST', `${url}/greet`.length, JSON.stringify({ name })],
      ['GET', expect.any(Number), undefined],
    ])
    expect(sent[1]?.header).toEqual({ 'content-type': 'application/json' })
    expect(sent[0]?.url.length).toBeGreaterThan(300)
  })

  it('does not limit mutations, whose input is in the body', async () => {
    const api = client({ maxURLLength: 40 })
    await Promise.all([api.count.mutate({ by: 1e100 }), api.count.mutate({ by: 2e100 })])
    expect(sent.map((options) => options.data)).toEqual(['{"0":{"by":1e+100},"1":{"by":2e+100}}'])
  })
})

describe('a function of headers', () => {
  it('gets the operations of its request', async () => {
    const seen: unknown[] = []
    const api = client({
      headers: ({ op, opList }) => {
        seen.push([op.path, opList.map(({ path, context }) => [path, context['trace']])])
        return { 'x-first': op.path }
      },
    })
    await Promise.all([
      api.greet.query({ name: 'a' }, { context: { trace: 1 } }),
      api.ping.query(),
      api.nothing.mutate(),
    ])
    expect(seen).toEqual([
      [
        'greet',
        [
          ['greet', 1],
          ['ping', undefined],
        ],
      ],
      ['nothing', [['nothing', undefined]]],
    ])
    expect(sent.map(({ header }) => header['x-first'])).toEqual(['greet', 'nothing'])
  })
})

describe('a URL', () => {
  it.each([
    ['https://example.com/trpc/', `${url}/ping`],
    ['https://example.com/trpc?v=1', `${url}/ping?v=1`],
    ['https://example.com/trpc/?v=1', `${url}/ping?v=1`],
  ])('%s becomes %s', async (configured, expected) => {
    const api = client({ url: configured })
    await api.ping.query()
    expect(sent.map((options) => options.url)).toEqual([expected])
  })

  it('keeps its query string before the parameters of a batch', async () => {
    const api = client({ url: `${url}?v=1` })
    await Promise.all([api.greet.query({ name: 'a' }), api.ping.query()])
    const input = encodeURIComponent('{"0":{"name":"a"}}')
    expect(sent.map((options) => options.url)).toEqual([
      `${url}/greet,ping?v=1&batch=1&input=${input}`,
    ])
  })
})

describe('the options of wx.request', () => {
  it('have the time-out of the link, and none without it', async () => {
    await client({ timeout: 1234 }).ping.query()
    await client().ping.query()
    expect(sent.map((options) => options.timeout)).toEqual([1234, undefined])
    expect(Object.keys(sent[1] ?? {})).not.toContain('timeout')
  })

  it('ask for text, and have a body and a content type for mutations only', async () => {
    const api = client()
    await Promise.all([api.ping.query(), api.count.mutate({ by: 1 })])
    expect(sent).toEqual([
      expect.objectContaining({
        method: 'GET',
        header: {},
        dataType: 'text',
        responseType: 'text',
      }),
      expect.objectContaining({
        method: 'POST',
        header: { 'content-type': 'application/json' },
        dataType: 'text',
        responseType: 'text',
        data: '{"by":1}',
      }),
    ])
    expect(Object.keys(sent[0] ?? {})).not.toContain('data')
  })

  it('have headers from one call of the function for each request', async () => {
    let calls = 0
    const headers = () => {
      calls += 1
      return { 'X-Call': String(calls), 'content-type': 'application/json; charset=utf-8' }
    }
    const api = client({ headers })
    await Promise.all([api.ping.query(), api.ping.query(), api.nothing.mutate()])
    expect(sent.map((options) => options.header)).toEqual([
      { 'x-call': '1', 'content-type': 'application/json; charset=utf-8' },
      { 'x-call': '2', 'content-type': 'application/json; charset=utf-8' },
    ])
  })
})
