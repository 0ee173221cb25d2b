import { describe, expect, it } from 'vitest'
import { notSignedIn } from '../src/index.ts'
import { bench, networkError, serverError, settle, World } from './world.ts'

const signedIn = async (...args: Parameters<typeof bench>) => {
  const ready = bench(...args)
  await ready.session.launch()
  return ready
}

describe('a refused access token', () => {
  it('is refreshed once for all calls, and each call is replayed once', async () => {
    const { world, session, call } = await signedIn()
    world.expire()
    const answers = await Promise.all([call('a'), call('b'), call('c')])
    expect(new Set(answers).size).toBe(1)
    expect(world.counts).toMatchObject({ login: 1, exchange: 1, refresh: 1, call: 6 })
    expect(session.state).toEqual({ status: 'signedIn', user: { name: 'ming' } })
  })

  it('is kept in its fresh form', async () => {
    const { world, session, call } = await signedIn()
    world.expire()
    const token = await call()
    await session.launch()
    expect(world.storage.get('wx-session')).toMatchObject({ tokens: { accessToken: token } })
  })

  it('means a sign-in where the refresh is refused too', async () => {
    const { world, call } = await signedIn()
    world.revoke()
    await Promise.all([call('a'), call('b'), call('c')])
    expect(world.counts).toMatchObject({ login: 2, exchange: 2, refresh: 1, call: 6 })
  })

  it('means a sign-in where there is no refresh', async () => {
    const { world, call } = await signedIn(new World(), { refresh: undefined })
    world.expire()
    await Promise.all([call(), call()])
    expect(world.counts).toMatchObject({ login: 2, exchange: 2, refresh: 0 })
  })

  it('found after others have renewed it only takes a replay', async () => {
    const { world, call } = await signedIn()
    world.held.add('call')
    const straggler = call('slow')
    await settle()
    const slow = world.next('call')
    world.held.clear()
    world.expire()
    const token = await call('quick')
    slow.answer()
    expect(await straggler).toBe(token)
    expect(world.counts.refresh).toBe(1)
  })

  it('refused again after the renewal is the error of the call, with no third try', async () => {
    const { world, session, call } = await signedIn()
    world.trouble.call = () => serverError('unauthenticated', 'UNAUTHORIZED')
    await expect(call()).rejects.toMatchObject({ data: { reason: 'unauthenticated' } })
    expect(world.counts).toMatchObject({ refresh: 1, call: 2 })
    expect(session.state.status).toBe('signedIn')
  })

  it('may be told by the code alone, or by a test of your own', async () => {
    const plain = await signedIn()
    const refusals = [serverError(null, 'UNAUTHORIZED')]
    plain.world.trouble.call = () => refusals.pop()
    await plain.call()
    expect(plain.world.counts.refresh).toBe(1)

    const own = await signedIn(new World(), {
      isUnauthenticated: (error) => error instanceof Error && error.message.endsWith('odd'),
    })
    const odd = [serverError('odd')]
    own.world.trouble.call = () => odd.pop()
    await own.call()
    expect(own.world.counts.refresh).toBe(1)
  })
})

describe('an error that is no refusal of the token', () => {
  it.each([
    ['a wrong password', serverError('credential_rejected', 'UNAUTHORIZED')],
    ['a missing right', serverError('forbidden', 'FORBIDDEN')],
    ['a lost reply', networkError()],
  ])('such as %s is handed on and renews nothing', async (_what, error) => {
    const { world, call } = await signedIn()
    world.trouble.call = () => error
    await expect(call()).rejects.toBe(error)
    expect(world.counts).toMatchObject({ refresh: 0, call: 1 })
  })
})

describe('a renewal that fails', () => {
  it('by a lost reply fails the calls and signs nobody out', async () => {
    const { world, session, call } = await signedIn()
    const kept = structuredClone(world.storage.get('wx-session'))
    world.expire()
    world.held.add('refresh')
    const calls = [call(), call()].map((sent) => sent.catch((error) => error.message))
    await settle()
    world.next('refresh').lose()
    expect(await Promise.all(calls)).toEqual(['request:fail', 'request:fail'])
    expect(session.state.status).toBe('signedIn')
    expect(world.storage.get('wx-session')).toEqual(kept)
    world.held.clear()
    expect(await call()).toMatch(/access/)
    expect(world.counts).toMatchObject({ login: 1, refresh: 2 })
  })

  it('by a lost sign-in fails the calls and signs nobody out', async () => {
    const { world, session, call } = await signedIn()
    world.revoke()
    world.trouble.exchange = networkError
    await expect(call()).rejects.toThrow('request:fail')
    expect(session.state.status).toBe('signedIn')
    world.trouble = {}
    expect(await call()).toMatch(/access/)
  })

  it('because the identity was unbound says so', async () => {
    const { world, session, call } = await signedIn()
    world.revoke()
    world.boundTo = null
    const error = await call().then(() => null, notSignedIn)
    expect(error?.state.status).toBe('unbound')
    expect(session.state.status).toBe('unbound')
    expect(world.storage.size).toBe(0)
  })
})

describe('calls that bypass the session', () => {
  it('are those in a public context: they wait for nothing and carry no token', async () => {
    const { world, session, call } = bench()
    world.held.add('login')
    const launch = session.launch()
    expect(await call('public', { context: { public: true } })).toBe('public')
    world.held.clear()
    world.next('login').answer()
    await launch
    await call('public', { context: { public: true } })
    expect(world.sent).toEqual([
      { path: 'public', token: undefined },
      { path: 'public', token: undefined },
    ])
  })

  it('are those that exchange and refresh start at once on the same client', async () => {
    const world = new World()
    const looped = bench(world, {
      exchange: async (code) => {
        await looped.call('public.exchange')
        return world.exchange(code)
      },
      refresh: async (token) => {
        await looped.call('public.refresh')
        return world.refresh(token)
      },
    })
    await looped.session.launch()
    world.expire()
    await looped.call()
    expect(world.sent.map((sent) => sent.path)).toEqual([
      'public.exchange',
      'me',
      'public.refresh',
      'me',
    ])
  })
})

describe('a call that is aborted', () => {
  it('while it waits for the sign-in fails at once and is not sent', async () => {
    const { world, session, call } = bench()
    world.held.add('login')
    const controller = new AbortController()
    const waiting = call('me', { signal: controller.signal })
    controller.abort()
    await expect(waiting).rejects.toMatchObject({ cause: { name: 'AbortError' } })
    await settle()
    world.next('login').answer()
    await settle()
    expect(session.state.status).toBe('signedIn')
    expect(world.sent).toEqual([])
  })

  it('before it was made is not sent', async () => {
    const { world, call } = await signedIn()
    await expect(call('me', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      cause: { name: 'AbortError' },
    })
    await settle()
    expect(world.sent).toEqual([])
  })
})
