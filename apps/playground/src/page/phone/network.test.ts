import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { networkFailureHeader } from '../../server/network-failure-header.ts'
import { createNetwork } from './network.ts'

const builtServiceUrl = 'http://127.0.0.1:3000'
let server: Server
let origin = ''

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url?.endsWith('/silence')) return
    if (request.url?.endsWith('/gone')) {
      response.writeHead(502, { [networkFailureHeader]: 'ECONNREFUSED' }).end('{}')
    } else response.end(request.url)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

test("requests to the built-in service address go through the page's proxy", async () => {
  const { fetch } = createNetwork({ builtServiceUrl, origin })
  const response = await fetch(`${builtServiceUrl}/trpc/me?batch=1`)
  expect(await response.text()).toBe('/service/trpc/me?batch=1')
})

test('requests to the sandbox keep their address', async () => {
  const { fetch } = createNetwork({ builtServiceUrl, origin })
  expect(await (await fetch(`${origin}/wechat/sandbox/login`)).text()).toBe('/wechat/sandbox/login')
})

test('requests to other addresses fail, also where they start like the service address', async () => {
  const { fetch } = createNetwork({ builtServiceUrl, origin })
  for (const url of ['https://example.com/', `${builtServiceUrl}1/trpc`, `${origin}/config.json`]) {
    await expect(fetch(url)).rejects.toThrow('url not in domain list')
  }
})

test('an unreachable service is a network failure, not an HTTP status', async () => {
  const { fetch } = createNetwork({ builtServiceUrl, origin })
  await expect(fetch(`${builtServiceUrl}/gone`)).rejects.toThrow('connect ECONNREFUSED')
})

test('offline, new requests and those in flight fail; online, requests work again', async () => {
  const network = createNetwork({ builtServiceUrl, origin })
  const underWay = network.fetch(`${builtServiceUrl}/silence`)
  network.setOnline(false)
  await expect(underWay).rejects.toThrow('ERR_INTERNET_DISCONNECTED')
  await expect(network.fetch(`${builtServiceUrl}/x`)).rejects.toThrow('ERR_INTERNET_DISCONNECTED')
  expect(network.isOnline()).toBe(false)
  network.setOnline(true)
  expect((await network.fetch(`${builtServiceUrl}/x`)).status).toBe(200)
})

test("the caller's abort signal aborts the request", async () => {
  const { fetch } = createNetwork({ builtServiceUrl, origin })
  const controller = new AbortController()
  const underWay = fetch(`${builtServiceUrl}/silence`, { signal: controller.signal })
  controller.abort(new Error('enough'))
  await expect(underWay).rejects.toThrow('enough')
})

test('a slow network delays a request by three seconds, and the request can be aborted', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const sent = vi.fn(async () => new Response('late'))
    const network = createNetwork({ builtServiceUrl, origin, fetch: sent })
    network.setSlow(true)
    expect([network.type(), network.isOnline()]).toEqual(['2g', true])
    const reply = network.fetch(`${builtServiceUrl}/x`)
    const controller = new AbortController()
    const other = network.fetch(`${builtServiceUrl}/x`, { signal: controller.signal })
    controller.abort(new Error('given up'))
    await expect(other).rejects.toThrow('given up')
    expect(vi.getTimerCount()).toBe(1)
    await vi.advanceTimersByTimeAsync(2_999)
    expect(sent).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(await (await reply).text()).toBe('late')
    expect(sent).toHaveBeenCalledOnce()
    network.setOnline(false)
    await expect(network.fetch(`${builtServiceUrl}/x`)).rejects.toThrow('ERR_INTERNET_DISCONNECTED')
    expect([sent.mock.calls.length, vi.getTimerCount()]).toEqual([1, 0])
  } finally {
    vi.useRealTimers()
  }
})

test('watch reports each change of the network', () => {
  const network = createNetwork({ builtServiceUrl, origin })
  const heard: string[] = []
  network.watch(() => heard.push(network.type()))
  network.setSlow(true)
  network.setOnline(false)
  network.setOnline(true)
  network.setSlow(false)
  expect(heard).toEqual(['2g', 'none', '2g', 'wifi'])
})

test('the authorization header of an expired token is changed', async () => {
  const token = `Bearer e30.${Buffer.from('{"iat":1}').toString('base64url')}.c2ln`
  const sent: (string | null)[] = []
  const network = createNetwork({
    builtServiceUrl,
    origin,
    fetch: async (_, init) => {
      sent.push(new Headers(init?.headers).get('authorization'))
      return new Response('')
    },
  })
  const request = { headers: { Authorization: token } }
  await network.fetch(`${builtServiceUrl}/x`, request)
  network.expireTokens()
  await network.fetch(`${builtServiceUrl}/x`, request)
  await network.fetch(`${builtServiceUrl}/x`)
  expect(sent).toEqual([token, `${token}.expired`, null])
})

test('the service address itself is part of the service', async () => {
  const { fetch } = createNetwork({ builtServiceUrl, origin })
  expect(await (await fetch(builtServiceUrl)).text()).toBe('/service')
})
