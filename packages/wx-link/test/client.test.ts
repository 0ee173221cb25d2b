import {
  createTRPCClient,
  loggerLink,
  retryLink,
  TRPCClientError,
  type TRPCLink,
} from '@trpc/client'
import { map, observable } from '@trpc/server/observable'
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest'
import {
  createWxClient,
  isClientError,
  type WxClient,
  WxClientError,
  wxLink,
} from '../src/client.ts'
import { wxLink as wxLinkOfTRPC } from '../src/index.ts'
import { createTestPhone } from './fixtures/test-phone.ts'
import { startServer, type TestRouter, type TestServer } from './fixtures/trpc-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

const sender = () => wxLink<TestRouter>({ url: server.url, request: createTestPhone().request })
const link = (run: TRPCLink<TestRouter>) => run
const errorOf = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => error,
  )

describe('createWxClient', () => {
  it('passes a call through its links in order, and the result back', async () => {
    const seen: string[] = []
    const named = (name: string) =>
      link(() => ({ op, next }) => {
        seen.push(`${name} ${op.type} ${op.path} ${JSON.stringify(op.context)}`)
        const context = { ...op.context, [name]: true }
        return next({ ...op, context })
      })
    const api = createWxClient<TestRouter>({ links: [named('a'), named('b'), sender()] })
    expect(await api.nested.deep.query(undefined, { context: { own: 1 } })).toBe('found')
    expect(seen).toEqual([
      'a query nested.deep {"own":1}',
      'b query nested.deep {"own":1,"a":true}',
    ])
  })

  it.each([
    ['createWxClient', createWxClient<TestRouter>, wxLink<TestRouter>],
    ['createTRPCClient', createTRPCClient<TestRouter>, wxLinkOfTRPC<TestRouter>],
  ])('works under links of tRPC and their operators, with %s', async (_name, create, wxLink) => {
    const logged: unknown[] = []
    const attempts: number[] = []
    const links: TRPCLink<TestRouter>[] = [
      loggerLink({ logger: ({ direction }) => logged.push(direction) }),
      retryLink({
        retry: ({ attempts: count }) => {
          attempts.push(count)
          return count < 3
        },
      }),
      () =>
        ({ op, next }) =>
          next(op).pipe(
            map((envelope) => {
              if ('error' in envelope.result) return envelope
              return { ...envelope, result: { ...envelope.result, data: 'mapped' } }
            }),
          ) as never,
      wxLink({ url: server.url, request: createTestPhone().request }),
    ]
    const api = create({ links })
    expect(await api.ping.query()).toBe('mapped')
    expect(logged).toEqual(['up', 'down'])
    expect(await errorOf(api.refuse.query())).toMatchObject({ data: { code: 'FORBIDDEN' } })
    expect(attempts).toEqual([1, 2, 3])
  })

  it('creates each link once and gives each call its own id', async () => {
    const made: number[] = []
    const ids: number[] = []
    const counting = link(() => {
      made.push(1)
      return ({ op, next }) => {
        ids.push(op.id)
        return next(op)
      }
    })
    const api = createWxClient<TestRouter>({ links: [counting, sender()] })
    await Promise.all([api.ping.query(), api.ping.query()])
    expect([made.length, new Set(ids).size]).toEqual([1, 2])
  })

  it('can be awaited, because it is not a promise, and a path can be used again', async () => {
    const api = await createWxClient<TestRouter>({ links: [sender()] })
    expect(Reflect.get(api, Symbol.iterator)).toBeUndefined()
    const { greet } = api
    expect(await greet.query({ name: 'a' })).toEqual({ text: 'hello a' })
    expect(await greet.query({ name: 'b' })).toEqual({ text: 'hello b' })
  })

  it('rejects with a WxClientError when a link throws, emits an error or is missing', async () => {
    const cause = new Error('boom')
    const throws = link(() => () => {
      throw cause
    })
    const emits = link(() => () => observable((observer) => observer.error(cause as never)))
    const links: TRPCLink<TestRouter>[][] = [[throws, sender()], [emits], []]
    for (const chain of links) {
      const error = await errorOf(createWxClient<TestRouter>({ links: chain }).ping.query())
      expect(error).toBeInstanceOf(WxClientError)
      if (chain.length > 0) expect(error).toMatchObject({ message: 'boom', cause })
    }
  })

  it('passes on an error that already is a client’s error', async () => {
    const cause = new TRPCClientError('own')
    const fails = link(() => () => observable((observer) => observer.error(cause as never)))
    const error = await errorOf(createWxClient<TestRouter>({ links: [fails] }).ping.query())
    expect(error).toBe(cause)
  })

  it('makes an error of a thrown value that is not an error', async () => {
    const request = () => Promise.reject(new Error('unused'))
    const headers = () => Promise.reject('no headers')
    const sender = wxLink<TestRouter>({ url: server.url, request, headers })
    const error = await errorOf(createWxClient<TestRouter>({ links: [sender] }).ping.query())
    expect(error).toMatchObject({ name: 'TRPCClientError', message: 'no headers' })
    expect(error).toMatchObject({ cause: 'no headers', data: undefined, shape: undefined })
  })

  it('says that no link gave a result where none ends the chain', async () => {
    const passes = link(
      () =>
        ({ op, next }) =>
          next(op),
    )
    const error = await errorOf(createWxClient<TestRouter>({ links: [passes] }).ping.query())
    expect(error).toMatchObject({ message: 'No link gave a result' })
  })

  it('rejects where a link ends the call without a result', async () => {
    const silent = link(() => () => observable((observer) => observer.complete()))
    const error = await errorOf(createWxClient<TestRouter>({ links: [silent] }).nested.deep.query())
    expect(error).toBeInstanceOf(WxClientError)
    expect(error).toMatchObject({ message: 'No link gave a result' })
  })

  it('passes input, context and signal of a call to its links', async () => {
    const { signal } = new AbortController()
    const ops: unknown[] = []
    const records = link(() => ({ op, next }) => {
      ops.push(op)
      return next(op)
    })
    const api = createWxClient<TestRouter>({ links: [records, sender()] })
    await api.greet.query({ name: 'a' }, { context: { own: 1 }, signal })
    await api.count.mutate({ by: 1 })
    expect(ops).toMatchObject([
      { id: 1, type: 'query', path: 'greet', input: { name: 'a' }, context: { own: 1 } },
      { id: 2, type: 'mutation', path: 'count', input: { by: 1 }, context: {} },
    ])
    expect((ops[0] as { signal: unknown }).signal).toBe(signal)
  })

  it('rejects a subscription with a clear message', async () => {
    const api = createWxClient<TestRouter>({ links: [sender()] })
    const { subscribe } = api.ping as unknown as { subscribe(): Promise<unknown> }
    expect(await errorOf(subscribe())).toMatchObject({ message: 'createWxClient has no subscribe' })
  })

  it('has the types of createTRPCClient', () => {
    type TRPCTypes = ReturnType<typeof createTRPCClient<TestRouter>>
    expectTypeOf<WxClient<TestRouter>['nested']>().toEqualTypeOf<TRPCTypes['nested']>()
    expectTypeOf<WxClient<TestRouter>['greet']>().toEqualTypeOf<TRPCTypes['greet']>()
    const api = createWxClient<TestRouter>({ links: [sender()] })
    expectTypeOf(api.greet.query).returns.resolves.toEqualTypeOf<{ text: string }>()
    // @ts-expect-error the input has another shape
    expectTypeOf(api.greet.query).toBeCallableWith({ name: 1 })
    // @ts-expect-error the procedure does not exist
    expectTypeOf(api.missing).toBeObject()
  })
})

describe('isClientError', () => {
  it('recognises the errors of both clients, with their data', async () => {
    const wxError = await errorOf(createWxClient<TestRouter>({ links: [sender()] }).refuse.query())
    const trpcError = new TRPCClientError('x')
    expect([isClientError(wxError), isClientError(trpcError)]).toEqual([true, true])
    if (!isClientError<TestRouter>(wxError)) throw wxError
    expect(wxError.data?.code).toBe('FORBIDDEN')
    expect(wxError.shape?.message).toBe('not you')
    expectTypeOf(wxError.data?.httpStatus).toEqualTypeOf<number | undefined>()
  })

  it('is false for anything else', () => {
    for (const other of [new Error('x'), { name: 'TRPCClientError' }, null, 'x']) {
      expect(isClientError(other)).toBe(false)
    }
  })
})
