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

  it('aborts the request of an aborted call', async () => {
    const controller = new AbortController()
    const call = client(false).held.query(undefined, { signal: controller.signal })
    await phone.nextSent()
    controller.abort()
    expect(await kindOf(call)).toBe('aborted')
    expect(phone.aborts).toBe(1)
  })

  it('does not send a call that is aborted before the batch is sent', async () => {
    const controller = new AbortController()
    const api = client()
    const aborted = api.ping.query(undefined, { signal: controller.signal })
    const other = api.ping.query()
    controller.abort()
    expect(await kindOf(aborted)).toBe('aborted')
    expect(await other).toBe('pong')
    expect(phone.sent.map((sent) => sent.path)).toEqual(['/trpc/ping'])
  })

  it('does not send a call that is aborted while the headers are awaited', async () => {
    const controller = new AbortController()
    const headers = async () => {
      controller.abort()
      return {}
    }
    const api = createClient({
      links: [wxLink({ url: server.url, request: phone.request, headers })],
    })
    const aborted = api.held.query(undefined, { signal: controller.signal })
    const other = api.ping.query()
    expect(await kindOf(aborted)).toBe('aborted')
    expect(await other).toBe('pong')
    expect(phone.sent.map((sent) => sent.path)).toEqual(['/trpc/ping'])
  })

  it('does not send a call whose signal is already aborted', async () => {
    const call = client().ping.query(undefined, { signal: AbortSignal.abort() })
    expect(await kindOf(call)).toBe('aborted')
    expect(phone.sent).toEqual([])
  })

  it('does not abort a batch while one of its calls still waits', async () => {
    const controller = new AbortController()
    const api = client()
    const aborted = api.held.query(undefined, { signal: controller.signal })
    const other = api.held.query()
    await phone.nextSent()
    controller.abort()
    expect(await kindOf(aborted)).toBe('aborted')
    server.release()
    expect(await other).toBe('released')
    expect(phone.aborts).toBe(0)
  })

  it('aborts a batch when all of its calls are aborted', async () => {
    const controllers = [new AbortController(), new AbortController()]
    const api = client()
    const calls = controllers.map(({ signal }) => kindOf(api.held.query(undefined, { signal })))
    await phone.nextSent()
    for (const controller of controllers) controller.abort()
    expect(await Promise.all(calls)).toEqual(['aborted', 'aborted'])
    expect(phone.aborts).toBe(1)
  })

  it('does not abort a request that has finished', async () => {
    const controller = new AbortController()
    await client().ping.query(undefined, { signal: controller.signal })
    controller.abort()
    expect(phone.aborts).toBe(0)
  })

  it('does not send a call that is aborted while the headers are awaited', async () => {
    const controller = new AbortController()
    let sendHeaders: (headers: Record<string, string>) => void = () => undefined
    const headers = new Promise<Record<string, string>>((resolve) => {
      sendHeaders = resolve
    })
    let onHeadersCalled: () => void = () => undefined
    const headersCalled = new Promise<void>((resolve) => {
      onHeadersCalled = resolve
    })
    const getHeaders = () => {
      onHeadersCalled()
      return headers
    }
    const api = createClient({
      links: [wxLink({ url: server.url, request: phone.request, headers: getHeaders })],
    })
    const aborted = api.ping.query(undefined, { signal: controller.signal })
    await headersCalled
    controller.abort()
    expect(await kindOf(aborted)).toBe('aborted')
    const other = api.nested.deep.query()
    sendHeaders({})
    expect(await other).toBe('found')
    expect(phone.sent.map((sent) => sent.path)).toEqual(['/trpc/nested.deep'])
  })
})
