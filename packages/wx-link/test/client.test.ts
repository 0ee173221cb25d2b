import { type createTRPCClient, TRPCClientError, type TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest'
import {
  createWxClient,
  isClientError,
  type WxClient,
  WxClientError,
  wxLink,
} from '../src/client.ts'
import { createTestPhone } from './fixtures/test-phone.ts'
import { startServer, type TestRouter, type TestServer } from './fixtures/trpc-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

const sender = () => wxLink<TestRouter>({ url: server.url, request: createTestPhone().request })
const link = (run: TRPCLink<TestRouter>) => run
const thrown = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => error,
  )

describe('createWxClient', () => {
  it('passes a call through its links in order, and its result back', async () => {
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

  it('makes each link once, and gives each call an id of its own', async () => {
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

  it('may be awaited and kept: it is no promise, and a path may be used again', async () => {
    const api = await createWxClient<TestRouter>({ links: [sender()] })
    const { greet } = api
    expect(await greet.query({ name: 'a' })).toEqual({ text: 'hello a' })
    expect(await greet.query({ name: 'b' })).toEqual({ text: 'hello b' })
  })

  it('rejects whatever a link throws, emits or is missing as an error of its own kind', async () => {
    const cause = new Error('boom')
    const throws = link(() => () => {
      throw cause
    })
    const emits = link(() => () => observable((observer) => observer.error(cause as never)))
    const links: TRPCLink<TestRouter>[][] = [[throws, sender()], [emits], []]
    for (const chain of links) {
      const error = await thrown(createWxClient<TestRouter>({ links: chain }).ping.query())
      expect(error).toBeInstanceOf(WxClientError)
      if (chain.length > 0) expect(error).toMatchObject({ message: 'boom', cause })
    }
  })

  it('says that it knows no subscriptions', async () => {
    const api = createWxClient<TestRouter>({ links: [sender()] })
    const { subscribe } = api.ping as unknown as { subscribe(): Promise<unknown> }
    expect(await thrown(subscribe())).toMatchObject({ message: /query and mutate only/ })
  })

  it('is typed as tRPC types its own client', () => {
    type Theirs = ReturnType<typeof createTRPCClient<TestRouter>>
    expectTypeOf<WxClient<TestRouter>['nested']>().toEqualTypeOf<Theirs['nested']>()
    expectTypeOf<WxClient<TestRouter>['greet']>().toEqualTypeOf<Theirs['greet']>()
    const api = createWxClient<TestRouter>({ links: [sender()] })
    expectTypeOf(api.greet.query).returns.resolves.toEqualTypeOf<{ text: string }>()
    // @ts-expect-error an input of another shape does not compile
    expectTypeOf(api.greet.query).toBeCallableWith({ name: 1 })
    // @ts-expect-error there is no such procedure
    expectTypeOf(api.missing).toBeObject()
  })
})

describe('isClientError', () => {
  it('knows the errors of both clients, with their data', async () => {
    const mine = await thrown(createWxClient<TestRouter>({ links: [sender()] }).refuse.query())
    const theirs = new TRPCClientError('x')
    expect([isClientError(mine), isClientError(theirs)]).toEqual([true, true])
    if (!isClientError<TestRouter>(mine)) throw mine
    expect(mine.data?.code).toBe('FORBIDDEN')
    expect(mine.shape?.message).toBe('not you')
    expectTypeOf(mine.data?.httpStatus).toEqualTypeOf<number | undefined>()
  })

  it('is false for anything else', () => {
    for (const other of [new Error('x'), { name: 'TRPCClientError' }, null, 'x']) {
      expect(isClientError(other)).toBe(false)
    }
  })
})
