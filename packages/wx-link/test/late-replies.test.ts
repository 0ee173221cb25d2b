import { describe, expect, it, vi } from 'vitest'
import { createWxClient, wxLink } from '../src/client.ts'
import { linkError, type WxRequestOptions } from '../src/index.ts'
import { clients } from './fixtures/clients.ts'
import { createManualRequest, resultReply } from './fixtures/manual-request.ts'
import type { TestRouter } from './fixtures/trpc-server.ts'

const kindOf = (call: Promise<unknown>) =>
  call.then(
    () => 'no error',
    (error) => linkError(error)?.kind,
  )

describe.each(clients)('with $name', ({ createClient, wxLink }) => {
  const start = (batch?: false) => {
    const manual = createManualRequest()
    const options = { url: 'https://example.com/trpc', request: manual.request }
    const api = createClient({ links: [wxLink(batch === false ? { ...options, batch } : options)] })
    return { manual, api }
  }

  it('two requests that are answered in reverse order reach their own calls', async () => {
    const { manual, api } = start()
    const query = api.ping.query()
    const mutation = api.count.mutate({ by: 1 })
    const [first, second] = await Promise.all([manual.whenSent(0), manual.whenSent(1)])
    second.success(resultReply(7))
    expect(await mutation).toBe(7)
    first.success(resultReply('pong'))
    expect(await query).toBe('pong')
  })

  it('calls of one batch get their replies by position', async () => {
    const { manual, api } = start()
    const calls = [api.greet.query({ name: 'a' }), api.ping.query(), api.greet.query({ name: 'b' })]
    const sent = await manual.whenSent(0)
    sent.success(resultReply({ text: 'first' }, 'second', { text: 'third' }))
    expect(await Promise.all(calls)).toEqual([{ text: 'first' }, 'second', { text: 'third' }])
  })

  it('a reply after the abort is ignored', async () => {
    const { manual, api } = start(false)
    const controller = new AbortController()
    const call = api.ping.query(undefined, { signal: controller.signal })
    const sent = await manual.whenSent(0)
    controller.abort()
    sent.success(resultReply('late'))
    expect(await kindOf(call)).toBe('aborted')
    expect(manual.aborts).toBe(1)
  })

  it('an aborted call of a batch stays aborted when the batch is answered', async () => {
    const { manual, api } = start()
    const controller = new AbortController()
    const aborted = kindOf(api.ping.query(undefined, { signal: controller.signal }))
    const other = api.ping.query()
    const sent = await manual.whenSent(0)
    controller.abort()
    sent.success(resultReply('late', 'pong'))
    expect(await Promise.all([aborted, other])).toEqual(['aborted', 'pong'])
    expect(manual.aborts).toBe(0)
  })

  it('a batch is sent without the calls that are aborted before, and not at all without calls', async () => {
    const { manual, api } = start()
    const controller = new AbortController()
    const { signal } = controller
    const aborted = [api.ping.query(undefined, { signal }), api.ping.query(undefined, { signal })]
    controller.abort()
    expect(await Promise.all(aborted.map(kindOf))).toEqual(['aborted', 'aborted'])
    const other = api.count.mutate({ by: 1 })
    ;(await manual.whenSent(0)).success(resultReply(2))
    expect(await other).toBe(2)
    expect(manual.sent).toHaveLength(1)
  })

  it('an abort works where the platform returns no request task', async () => {
    const controller = new AbortController()
    const manual = createManualRequest()
    const request = (options: WxRequestOptions) => {
      manual.request(options)
      return undefined
    }
    const link = wxLink({ url: 'https://example.com/trpc', request, batch: false })
    const call = createClient({ links: [link] }).ping.query(undefined, {
      signal: controller.signal,
    })
    await manual.whenSent(0)
    controller.abort()
    expect(await kindOf(call)).toBe('aborted')
  })

  it('an abort is one also where the request task cannot be aborted', async () => {
    // Without the errors of listeners, which a real signal reports to the process.
    const listeners: (() => void)[] = []
    const signal = {
      aborted: false,
      addEventListener: (_type: string, listener: () => void) => listeners.push(listener),
      removeEventListener: () => undefined,
    } as unknown as AbortSignal
    const manual = createManualRequest()
    const request = (options: WxRequestOptions) => {
      manual.request(options)
      const abort = () => {
        throw new Error('no task')
      }
      return { abort }
    }
    const link = wxLink({ url: 'https://example.com/trpc', request, batch: false })
    const call = kindOf(createClient({ links: [link] }).ping.query(undefined, { signal }))
    await manual.whenSent(0)
    expect(listeners[0]).toThrow('no task')
    expect(await call).toBe('aborted')
  })
})

describe('cleanup', () => {
  /** A signal that counts the listeners that it has. */
  function countingSignal() {
    const controller = new AbortController()
    const listeners = new Set<unknown>()
    const { signal } = controller
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (type: string, listener: () => void) => {
      listeners.add(listener)
      add(type, listener)
    }
    signal.removeEventListener = (type: string, listener: () => void) => {
      listeners.delete(listener)
      remove(type, listener)
    }
    return { controller, signal, listeners }
  }

  it.each([
    ['a result', (sent: WxRequestOptions) => sent.success(resultReply('pong'))],
    ['an error', (sent: WxRequestOptions) => sent.fail({ errMsg: 'request:fail' })],
  ])('removes the abort listener after %s', async (_what, settle) => {
    const manual = createManualRequest()
    const link = wxLink<TestRouter>({ url: 'https://example.com/trpc', request: manual.request })
    const { signal, listeners } = countingSignal()
    const call = createWxClient<TestRouter>({ links: [link] })
      .ping.query(undefined, { signal })
      .catch(() => undefined)
    const sent = await manual.whenSent(0)
    expect(listeners.size).toBe(1)
    settle(sent)
    await call
    expect(listeners.size).toBe(0)
  })

  it('removes the abort listener after an abort', async () => {
    const manual = createManualRequest()
    const link = wxLink<TestRouter>({ url: 'https://example.com/trpc', request: manual.request })
    const { controller, signal, listeners } = countingSignal()
    const call = createWxClient<TestRouter>({ links: [link] }).ping.query(undefined, { signal })
    controller.abort()
    expect(await kindOf(call)).toBe('aborted')
    expect(listeners.size).toBe(0)
  })

  it('leaves no timer after a batch', async () => {
    vi.useFakeTimers()
    try {
      const manual = createManualRequest()
      const link = wxLink<TestRouter>({ url: 'https://example.com/trpc', request: manual.request })
      const api = createWxClient<TestRouter>({ links: [link] })
      const calls = [api.ping.query(), api.ping.query()]
      expect(vi.getTimerCount()).toBe(1)
      await vi.advanceTimersByTimeAsync(0)
      manual.sent[0]?.success(resultReply('a', 'b'))
      expect(await Promise.all(calls)).toEqual(['a', 'b'])
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })
})
