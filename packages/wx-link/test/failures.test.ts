import { TRPCClientError, type TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createWxClient, isClientError, wxLink as wxLinkOfClient } from '../src/client.ts'
import { linkError, type WxRequest, type WxRequestOptions } from '../src/index.ts'
import { clients } from './fixtures/clients.ts'
import { type RawServer, startRawServer } from './fixtures/raw-server.ts'
import { createTestPhone } from './fixtures/test-phone.ts'
import type { TestRouter } from './fixtures/trpc-server.ts'

type WxFailure = Parameters<WxRequestOptions['fail']>[0]

/** tRPC's own client has no way to hear of it. */
it('with createWxClient: a link above that throws while it handles an error rejects the call', async () => {
  const request: WxRequest = ({ fail }) => void setTimeout(fail, 0, { errMsg: 'request:fail' })
  const thrower: TRPCLink<TestRouter> =
    () =>
    ({ op, next }) =>
      observable((observer) =>
        next(op).subscribe({
          next: (value) => observer.next(value),
          error: () => {
            throw new Error('bad link')
          },
        }),
      )
  const passing: TRPCLink<TestRouter> =
    () =>
    ({ op, next }) =>
      next(op).pipe((source) => observable((observer) => source.subscribe(observer)))
  const url = 'https://example.com/trpc'
  for (const above of [[thrower], [passing, thrower], [thrower, passing]]) {
    const api = createWxClient<TestRouter>({ links: [...above, wxLinkOfClient({ url, request })] })
    await expect(api.ping.query()).rejects.toMatchObject({ message: 'bad link' })
  }
})

describe.each(clients)('with $name', ({ createClient, wxLink }) => {
  let server: RawServer | null = null
  afterEach(async () => {
    await server?.close()
    server = null
  })

  const clientOf = (url: string, request: WxRequest, timeout?: number) =>
    createClient({
      links: [wxLink({ url, request, ...(timeout === undefined ? {} : { timeout }) })],
    })

  /** A client of a server that always sends this response. */
  async function clientWithResponse(statusCode: number, body: string) {
    server = await startRawServer((_request, response) => {
      response.writeHead(statusCode, { 'X-Trace': 'abc' }).end(body)
    })
    return clientOf(server.url, createTestPhone().request)
  }

  const failureOf = (call: Promise<unknown>) => call.then(() => undefined, linkError)

  describe('a response that is not a tRPC reply', () => {
    it.each([
      [502, '<html>Bad Gateway</html>', 'http'],
      [500, '{"statusCode":500,"error":"Internal Server Error","message":"boom"}', 'http'],
      [500, '{"error":{"code":"FST_ERR","message":"boom"}}', 'http'],
      [404, '', 'http'],
      [200, '<html>Sign in to the wifi</html>', 'malformed'],
      [200, '', 'malformed'],
      [200, 'null', 'malformed'],
      [200, '"text"', 'malformed'],
      [200, '[]', 'malformed'],
      [200, '{}', 'malformed'],
      [200, '{"result":"text"}', 'malformed'],
      [200, '{"error":{"code":1}}', 'malformed'],
      [200, '{"error":{"code":"1","message":"x"}}', 'malformed'],
      [200, '{"error":null}', 'malformed'],
      [200, '{"result":null}', 'malformed'],
      [200, '{"result":["x"]}', 'malformed'],
      [299, '{}', 'malformed'],
      [300, '{}', 'http'],
      [301, '{}', 'http'],
    ])('with status %i and body %s is of kind %3$s', async (statusCode, body, kind) => {
      const api = await clientWithResponse(statusCode, body)
      expect(await failureOf(api.ping.query())).toMatchObject({ kind, statusCode })
    })

    it('has its status and header in the meta of the error', async () => {
      server = await startRawServer((_request, response) => {
        response.writeHead(502, { 'Retry-After': '120' }).end('bad gateway')
      })
      const api = clientOf(server.url, createTestPhone().request)
      const error = await api.ping.query().catch((cause: unknown) => cause)
      expect(isClientError(error)).toBe(true)
      expect(error).toMatchObject({
        meta: { response: { statusCode: 502, header: { 'retry-after': '120' } } },
      })
    })
  })

  it('reads a body that the platform has already parsed', async () => {
    const api = clientOf('https://example.com/trpc', ({ success }) =>
      success({ statusCode: 200, data: { result: { data: 'pong' } } }),
    )
    expect(await api.ping.query()).toBe('pong')
  })

  describe('a batch reply', () => {
    it.each([
      ['too short', '[{"result":{"data":"pong"}}]'],
      ['too long', `[${Array(3).fill('{"result":{"data":"pong"}}').join()}]`],
      ['not an array', '{"result":{"data":"pong"}}'],
    ])('that is %s rejects every call of the batch', async (_what, body) => {
      const api = await clientWithResponse(200, body)
      const failures = await Promise.all([failureOf(api.ping.query()), failureOf(api.ping.query())])
      expect(failures.map((failure) => failure?.kind)).toEqual(['malformed', 'malformed'])
    })

    it('with one malformed item rejects that call only', async () => {
      const api = await clientWithResponse(207, '[{"result":{"data":"pong"}},{"oops":1}]')
      const [good, bad] = await Promise.allSettled([api.ping.query(), api.ping.query()])
      expect(good).toEqual({ status: 'fulfilled', value: 'pong' })
      expect(bad.status === 'rejected' && linkError(bad.reason)?.kind).toBe('malformed')
    })

    it('that is one tRPC error rejects every call with it', async () => {
      const body = '{"error":{"code":-32600,"message":"too many","data":{"code":"BAD_REQUEST"}}}'
      const api = await clientWithResponse(400, body)
      const outcomes = await Promise.allSettled([api.ping.query(), api.ping.query()])
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({ reason: { message: 'too many', cause: undefined } })
      }
    })
  })

  describe('a request that fails', () => {
    it('because the connection is refused is of kind network, with its errno', async () => {
      const closed = await startRawServer(() => undefined)
      await closed.close()
      const api = clientOf(closed.url, createTestPhone().request)
      expect(await failureOf(api.ping.query())).toMatchObject({ kind: 'network', errno: 600001 })
    })

    it('because the reply takes too long is of kind timeout', async () => {
      server = await startRawServer(() => undefined)
      const api = clientOf(server.url, createTestPhone().request, 20)
      expect(await failureOf(api.ping.query())).toMatchObject({ kind: 'timeout', errno: 5 })
    })

    it.each([
      [{ errMsg: 'request:fail interrupted', errno: 600003 }, 'interrupted'],
      [{ errMsg: 'request:fail 被中断', errno: 600003 }, 'interrupted'],
      [{ errMsg: 'request:fail interrupted' }, 'interrupted'],
      [{ errMsg: 'request:fail timeout', errno: 600003 }, 'interrupted'],
      [{ errMsg: 'request:fail 超时', errno: 5 }, 'timeout'],
      [{ errMsg: 'request:fail timed out' }, 'timeout'],
      [{ errMsg: 'request:fail -118:net::ERR_CONNECTION_TIMED_OUT' }, 'timeout'],
      [{ errMsg: 'request:fail time-out', errno: 600001 }, 'timeout'],
      [{ errMsg: 'request:fail', errno: '5' }, 'network'],
      [undefined, 'network'],
      [{ errMsg: 'request:fail timeout' }, 'timeout'],
      [{ errMsg: 'request:fail abort' }, 'aborted'],
      [{ errMsg: 'request:fail url not in domain list', errno: 600002 }, 'network'],
      [{}, 'network'],
    ])('with %j is of kind %s', async (failure, kind) => {
      const api = clientOf('https://example.com/trpc', ({ fail }) => fail(failure as WxFailure))
      const { errMsg = 'request:fail', errno } = (failure ?? {}) as WxFailure
      const error = await failureOf(api.ping.query())
      expect(error).toMatchObject({
        name: kind === 'aborted' ? 'AbortError' : 'WxLinkError',
        kind,
        message: errMsg,
        errno: typeof errno === 'number' ? errno : undefined,
      })
      expect(error?.statusCode).toBeUndefined()
    })

    it('because request throws keeps what was thrown as the cause', async () => {
      const thrown = new Error('request: parameter error')
      const api = clientOf('https://example.com/trpc', () => {
        throw thrown
      })
      await expect(api.ping.query()).rejects.toMatchObject({ cause: thrown })
    })

    it.each<[string, WxRequest, object]>([
      [
        'calls success without an argument',
        ({ success }) => success(undefined as never),
        { kind: 'network', message: 'request:fail no status' },
      ],
      [
        'calls success without a status',
        ({ success }) => success({ data: '{}' } as never),
        { kind: 'network', message: 'request:fail no status' },
      ],
      [
        'rejects its promise without calling fail',
        () => Promise.reject({ errMsg: 'request:fail 系统错误', errno: 5 }),
        { kind: 'timeout', errno: 5 },
      ],
    ])('because the platform %s', async (_how, request, failure) => {
      const api = clientOf('https://example.com/trpc', request)
      expect(await failureOf(api.ping.query())).toMatchObject(failure)
    })

    it.each([
      [undefined, 65_000],
      [2_000, 7_000],
    ])(
      'because the platform never calls back, with the time-out %s after %i ms',
      async (timeout, silence) => {
        vi.useFakeTimers()
        const late: WxRequestOptions[] = []
        const api = clientOf(
          'https://example.com/trpc',
          (options) => void late.push(options),
          timeout,
        )
        let failure: unknown
        const call = failureOf(api.ping.query()).then((error) => {
          failure = error
        })
        await vi.advanceTimersByTimeAsync(silence - 1)
        expect(failure).toBeUndefined()
        await vi.advanceTimersByTimeAsync(10)
        await call
        expect(failure).toMatchObject({ kind: 'timeout', message: 'request:fail timeout' })
        late[0]?.success({ statusCode: 200, data: '{}' })
        expect(vi.getTimerCount()).toBe(0)
        vi.useRealTimers()
      },
    )

    it.each([2 ** 31 - 5_000, 2 ** 31, Number.POSITIVE_INFINITY])(
      'not at once with the time-out %s, which is too long for a timer',
      async (timeout) => {
        const sent: WxRequestOptions[] = []
        const request = (options: WxRequestOptions) => void sent.push(options)
        const call = clientOf('https://example.com/trpc', request, timeout).ping.query()
        await vi.waitFor(() => expect(sent).toHaveLength(1))
        // A timer that has overflowed ends after 1 ms.
        await new Promise((resolve) => setTimeout(resolve, 5))
        sent[0]?.success({ statusCode: 200, data: '{"result":{"data":"pong"}}' })
        expect(await call).toBe('pong')
      },
    )

    it.each([
      [undefined, 65_000],
      [2_000, 7_000],
    ])(
      'because the function of headers never ends, with the time-out %s after %i ms, and is not sent',
      async (timeout, silence) => {
        vi.useFakeTimers()
        const request = vi.fn()
        const headers = vi.fn(() => new Promise<never>(() => undefined))
        const link = { url: 'https://example.com/trpc', request, headers }
        const api = createClient({
          links: [wxLink(timeout === undefined ? link : { ...link, timeout })],
        })
        let failures: unknown[] = []
        const calls = Promise.all([api.ping.query(), api.ping.query()].map(failureOf)).then(
          (errors) => {
            failures = errors
          },
        )
        await vi.advanceTimersByTimeAsync(silence - 1)
        expect(failures).toEqual([])
        await vi.advanceTimersByTimeAsync(10)
        await calls
        expect(failures).toMatchObject([{ kind: 'timeout' }, { kind: 'timeout' }])
        expect([request.mock.calls.length, headers.mock.calls.length]).toEqual([0, 1])
        expect(vi.getTimerCount()).toBe(0)
        vi.useRealTimers()
      },
    )

    it('leaves no timer after the reply', async () => {
      vi.useFakeTimers()
      const api = clientOf('https://example.com/trpc', ({ success }) =>
        success({ statusCode: 200, data: '{"result":{"data":null}}' }),
      )
      const call = api.ping.query()
      await vi.advanceTimersByTimeAsync(1)
      await call
      expect(vi.getTimerCount()).toBe(0)
      vi.useRealTimers()
    })

    it('leaves no unhandled rejection when the platform also returns a promise', async () => {
      const api = clientOf('https://example.com/trpc', ({ fail }) => {
        fail({ errMsg: 'request:fail' })
        return Promise.reject(new Error('request:fail'))
      })
      expect(await failureOf(api.ping.query())).toMatchObject({ kind: 'network' })
    })
  })

  describe('a link above that throws', () => {
    const request: WxRequest = ({ success }) =>
      success({ statusCode: 200, data: '{"result":{"data":null}}' })
    const failure = new Error('bad link')
    const fail = (): never => {
      throw failure
    }
    const links: [string, TRPCLink<TestRouter>][] = [
      ['when it is called', () => fail],
      ['when it is subscribed to', () => () => observable(fail)],
      [
        'when it gets the result',
        () =>
          ({ op, next }) =>
            observable((observer) =>
              next(op).subscribe({ next: fail, error: (e) => observer.error(e) }),
            ),
      ],
    ]
    it.each(links)('%s rejects the call', async (_when, link) => {
      const api = createClient({
        links: [link, wxLink({ url: 'https://example.com/trpc', request })],
      })
      await expect(api.ping.query()).rejects.toMatchObject({ message: 'bad link' })
    })
  })

  describe('a call that cannot be sent', () => {
    it.each([
      ['a form', new FormData()],
      ['a blob', new Blob(['x'])],
      ['bytes', new Uint8Array(2)],
      ['a buffer', new ArrayBuffer(2)],
      ['a stream', new ReadableStream()],
    ])('because its input is %s rejects with a clear message', async (_what, input) => {
      const phone = createTestPhone()
      const api = clientOf('https://example.com/trpc', phone.request)
      await expect(api.greet.query(input as never)).rejects.toThrow(/sends JSON only/)
      expect(phone.sent).toEqual([])
    })

    it('because its input is circular is rejected alone', async () => {
      server = await startRawServer((_request, response) => {
        response.end('{"result":{"data":"pong"}}')
      })
      const circular: Record<string, unknown> = {}
      circular['self'] = circular
      const api = clientOf(server.url, createTestPhone().request)
      const outcomes = await Promise.allSettled([
        api.greet.query(circular as never),
        api.ping.query(),
      ])
      expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'fulfilled'])
    })
  })

  describe('linkError', () => {
    it('finds the error of the link, also without the client’s error', async () => {
      const api = clientOf('https://example.com/trpc', ({ fail }) => fail({ errMsg: 'x' }))
      const error = await failureOf(api.ping.query())
      expect(linkError(error)).toBe(error)
    })

    it('is null for an error that the link has not thrown', () => {
      expect(linkError(new TRPCClientError('x'))).toBeNull()
      expect(linkError(new Error('x', { cause: new Error('y') }))).toBeNull()
      expect(linkError('request:fail')).toBeNull()
    })
  })
})
