import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { linkError } from '../src/index.ts'
import { clients } from './fixtures/clients.ts'
import { createTestPhone, type TestPhone } from './fixtures/test-phone.ts'
import { startServer, type TestServer } from './fixtures/trpc-server.ts'

describe.each(clients)('with $name', ({ createClient, wxLink }) => {
  let server: TestServer
  let phone: TestPhone
  beforeEach(async () => {
    server = await startServer()
    phone = createTestPhone()
  })
  afterEach(() => server.close())

  const client = (batch?: false) =>
    createClient({
      links: [
        wxLink({ url: server.url, request: phone.request, ...(batch === false ? { batch } : {}) }),
      ],
    })

  const kindOf = (call: Promise<unknown>) =>
    call.then(
      () => 'no error',
      (error) => linkError(error)?.kind,
    )

  it('ends the request of a call that is aborted', async () => {
    const controller = new AbortController()
    const call = client(false).held.query(undefined, { signal: controller.signal })
    await phone.nextSent()
    controller.abort()
    expect(await kindOf(call)).toBe('aborted')
    expect(phone.aborts).toBe(1)
  })

  it('sends nothing for a call aborted before its turn', async () => {
    const controller = new AbortController()
    const api = client()
    const given = api.ping.query(undefined, { signal: controller.signal })
    const kept = api.ping.query()
    controller.abort()
    expect(await kindOf(given)).toBe('aborted')
    expect(await kept).toBe('pong')
    expect(phone.sent.map((sent) => sent.path)).toEqual(['/trpc/ping'])
  })

  it('sends nothing for a call aborted before it was made', async () => {
    const call = client().ping.query(undefined, { signal: AbortSignal.abort() })
    expect(await kindOf(call)).toBe('aborted')
    expect(phone.sent).toEqual([])
  })

  it('lets a batch go on while one of its calls is waited for', async () => {
    const controller = new AbortController()
    const api = client()
    const given = api.held.query(undefined, { signal: controller.signal })
    const kept = api.held.query()
    await phone.nextSent()
    controller.abort()
    expect(await kindOf(given)).toBe('aborted')
    server.release()
    expect(await kept).toBe('let go')
    expect(phone.aborts).toBe(0)
  })

  it('ends a batch when all of its calls are aborted', async () => {
    const controllers = [new AbortController(), new AbortController()]
    const api = client()
    const calls = controllers.map(({ signal }) => kindOf(api.held.query(undefined, { signal })))
    await phone.nextSent()
    for (const controller of controllers) controller.abort()
    expect(await Promise.all(calls)).toEqual(['aborted', 'aborted'])
    expect(phone.aborts).toBe(1)
  })

  it('does not abort a request that has ended', async () => {
    const controller = new AbortController()
    await client().ping.query(undefined, { signal: controller.signal })
    controller.abort()
    expect(phone.aborts).toBe(0)
  })

  it('sends nothing for a call aborted while its headers are fetched', async () => {
    const controller = new AbortController()
    let hand: (headers: Record<string, string>) => void = () => undefined
    const headers = new Promise<Record<string, string>>((resolve) => {
      hand = resolve
    })
    let tell: () => void = () => undefined
    const asked = new Promise<void>((resolve) => {
      tell = resolve
    })
    const ask = () => {
      tell()
      return headers
    }
    const api = createClient({
      links: [wxLink({ url: server.url, request: phone.request, headers: ask })],
    })
    const given = api.ping.query(undefined, { signal: controller.signal })
    await asked
    controller.abort()
    expect(await kindOf(given)).toBe('aborted')
    const kept = api.nested.deep.query()
    hand({})
    expect(await kept).toBe('found')
    expect(phone.sent.map((sent) => sent.path)).toEqual(['/trpc/nested.deep'])
  })
})
