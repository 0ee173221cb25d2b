import type { Operation, TRPCLink } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import { map, observable } from '@trpc/server/observable'
import { describe, expect, it } from 'vitest'
import { sessionLink } from '../src/trpc.ts'
import { createFixture, settle } from './fixtures/fake-platform.ts'

type NextLink = Parameters<ReturnType<TRPCLink<AnyRouter>>>[0]['next']

interface SentCall {
  op: Operation
  next(value: unknown): void
  complete(): void
  isUnsubscribed: boolean
}

/** The session's link without a client; the test answers the calls that it sends. */
function createLink() {
  const { platform, session } = createFixture()
  const sent: SentCall[] = []
  const next: NextLink = (op) =>
    observable((observer) => {
      const call: SentCall = {
        op: op as Operation,
        next: (value) => observer.next(value as never),
        complete: () => observer.complete(),
        isUnsubscribed: false,
      }
      sent.push(call)
      return () => {
        call.isUnsubscribed = true
      }
    })
  const link = sessionLink(session)({})
  const call = (part: Partial<Operation> = {}) => {
    const op = { id: 1, type: 'query', path: 'me', input: undefined, context: {}, signal: null }
    return link({ op: { ...op, ...part } as Operation, next })
  }
  return { platform, session, call, sent }
}

/** A signal that counts the listeners that it has. */
function countingSignal() {
  const controller = new AbortController()
  const { signal } = controller
  const listeners = new Set<unknown>()
  const add = signal.addEventListener.bind(signal)
  signal.addEventListener = (type: string, listener: () => void) => {
    listeners.add(listener)
    add(type, listener)
  }
  const remove = signal.removeEventListener.bind(signal)
  signal.removeEventListener = (type: string, listener: () => void) => {
    if (type === 'abort') listeners.delete(listener)
    remove(type, listener)
  }
  return { signal, listeners, abort: () => controller.abort() }
}

describe('a call with the token', () => {
  it('keeps its own context and headers', async () => {
    const { session, call, sent } = createLink()
    await session.launch()
    const headers = { 'x-app': 'a', authorization: 'own' }
    call({ context: { headers, trace: 1 } }).subscribe({})
    await settle()
    expect(sent.map(({ op }) => op.context)).toEqual([
      {
        headers: { 'x-app': 'a', authorization: expect.stringMatching(/^Bearer access\d+$/) },
        trace: 1,
      },
    ])
    expect(headers).toEqual({ 'x-app': 'a', authorization: 'own' })
  })

  it('can be changed by an operator of tRPC, as in a link above', async () => {
    const { session, call, sent } = createLink()
    await session.launch()
    const seen: unknown[] = []
    const results = call().pipe(map(({ result }) => result))
    results.subscribe({ next: (value) => seen.push(value), complete: () => seen.push('end') })
    await settle()
    sent[0]?.next({ result: { type: 'data', data: 1 } })
    sent[0]?.next({ result: { type: 'data', data: 2 } })
    sent[0]?.complete()
    expect(seen).toEqual([{ type: 'data', data: 1 }, { type: 'data', data: 2 }, 'end'])
  })

  it('ignores what the next link sends after its end', async () => {
    const { session, call, sent } = createLink()
    await session.launch()
    const seen: unknown[] = []
    const subscription = call().subscribe({
      next: (value) => seen.push(value),
      error: () => seen.push('error'),
      complete: () => seen.push('end'),
    })
    await settle()
    subscription.unsubscribe()
    sent[0]?.next('late')
    sent[0]?.complete()
    await settle()
    expect(seen).toEqual([])
  })

  it('passes on the results and the end of the next link', async () => {
    const { session, call, sent } = createLink()
    await session.launch()
    const seen: unknown[] = []
    call().subscribe({ next: (value) => seen.push(value), complete: () => seen.push('end') })
    await settle()
    const result = { result: { type: 'data', data: 1 } }
    sent[0]?.next(result)
    sent[0]?.complete()
    expect(seen).toEqual([result, 'end'])
  })

  it('is unsubscribed from the next link with its caller', async () => {
    const { session, call, sent } = createLink()
    await session.launch()
    const { signal, listeners } = countingSignal()
    const subscription = call({ signal }).subscribe({})
    await settle()
    expect([sent.length, sent[0]?.isUnsubscribed]).toEqual([1, false])
    subscription.unsubscribe()
    expect([sent[0]?.isUnsubscribed, listeners.size]).toEqual([true, 0])
  })

  it('that is aborted rejects at once, and is unsubscribed from a next link that does not watch the signal', async () => {
    const { session, call, sent } = createLink()
    await session.launch()
    const { signal, listeners, abort } = countingSignal()
    const errors: unknown[] = []
    call({ signal }).subscribe({ error: (error) => errors.push(error) })
    await settle()
    abort()
    expect(errors).toMatchObject([{ name: 'AbortError' }])
    expect([sent[0]?.isUnsubscribed, listeners.size]).toEqual([true, 0])
  })
})

describe('a call that is unsubscribed while it waits for the sign-in', () => {
  it('leaves no listener at its signal', async () => {
    const { platform, call } = createLink()
    platform.delayed.add('login')
    const { signal, listeners } = countingSignal()
    const subscription = call({ signal }).subscribe({})
    await settle()
    expect(listeners.size).toBe(1)
    subscription.unsubscribe()
    expect(listeners.size).toBe(0)
  })
})

describe('a call that is aborted', () => {
  it('while it waits for the sign-in rejects at once and is not sent', async () => {
    const { platform, session, call } = createFixture()
    platform.delayed.add('login')
    const controller = new AbortController()
    const waiting = call('me', { signal: controller.signal })
    controller.abort()
    await expect(waiting).rejects.toMatchObject({ cause: { name: 'AbortError' } })
    await settle()
    platform.take('login').reply()
    await settle()
    expect(session.state.status).toBe('signedIn')
    expect(platform.sent).toEqual([])
  })

  it('before it is made is not sent', async () => {
    const { platform, session, call } = createFixture()
    await session.launch()
    await expect(call('me', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      cause: { name: 'AbortError' },
    })
    await settle()
    expect(platform.sent).toEqual([])
  })

  it('while it waits for a renewal rejects at once and is not replayed', async () => {
    const { platform, session, call } = createFixture()
    await session.launch()
    platform.expire()
    platform.delayed.add('refresh')
    const controller = new AbortController()
    const waiting = call('me', { signal: controller.signal })
    await settle()
    controller.abort()
    await expect(waiting).rejects.toMatchObject({ cause: { name: 'AbortError' } })
    platform.take('refresh').reply()
    await settle()
    expect(platform.counts.call).toBe(1)
  })

  it('leaves no listener at its signal', async () => {
    const { platform, session, call } = createLink()
    platform.delayed.add('login')
    const { signal, listeners, abort } = countingSignal()
    const errors: unknown[] = []
    call({ signal }).subscribe({ error: (error) => errors.push(error) })
    await settle()
    expect(listeners.size).toBe(1)
    abort()
    expect(errors).toMatchObject([{ name: 'AbortError', message: 'The call was aborted' }])
    platform.take('login').reply()
    await session.launch()
    await settle()
    expect(listeners.size).toBe(0)
  })
})
