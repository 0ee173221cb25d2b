import { describe, expect, it, vi } from 'vitest'
import { notSignedIn } from '../src/index.ts'
import { bench, farFuture, networkError, settle, type World } from './world.ts'

const signedIn = async () => {
  const ready = bench()
  await ready.session.launch()
  return ready
}

describe('signing out', () => {
  it('is remembered: the next launch asks nobody, until the person signs in again', async () => {
    const { world, session } = await signedIn()
    await session.signOut()
    expect(session.state).toEqual({ status: 'signedOut' })
    const later = bench(world)
    expect(await later.session.launch()).toEqual({ status: 'signedOut' })
    expect((await later.call().then(() => null, notSignedIn))?.state.status).toBe('signedOut')
    expect(world.counts.login).toBe(1)
    expect((await later.session.signIn()).status).toBe('signedIn')
    expect((await bench(world).session.launch()).status).toBe('signedIn')
    expect(world.counts.login).toBe(2)
  })

  it('holds at once, and the revoking call still carries the token', async () => {
    const { world, session, call } = await signedIn()
    const token = await call()
    const done = session.signOut(async () => {
      await call('revoke')
    })
    expect(session.state.status).toBe('signedOut')
    await expect(call()).rejects.toThrow('Not signed in')
    await done
    expect(world.sent.at(-1)).toEqual({ path: 'revoke', token })
  })

  it('succeeds although the server cannot be told, and renews nothing for it', async () => {
    const { world, session, call } = await signedIn()
    world.revoke()
    await session.signOut(() => call('revoke'))
    await session.signOut(() => Promise.reject(new Error('unreachable')))
    expect(session.state.status).toBe('signedOut')
    expect(world.counts).toMatchObject({ login: 1, refresh: 0 })
  })

  it('wins over a sign-in on its way', async () => {
    const { world, session, call } = bench()
    world.held.add('exchange')
    const launch = session.launch()
    const waiting = call().then(() => null, notSignedIn)
    await settle()
    await session.signOut()
    expect((await waiting)?.state.status).toBe('signedOut')
    expect(await launch).toEqual({ status: 'signedOut' })
    world.next('exchange').answer()
    await settle()
    expect(session.state.status).toBe('signedOut')
    expect(world.storage.get('wx-session')).toEqual({ signedOut: true })
  })

  it('wins over a refresh on its way', async () => {
    const { world, session, call } = await signedIn()
    world.expire()
    world.held.add('refresh')
    const waiting = call().then(() => null, notSignedIn)
    await settle()
    await session.signOut()
    expect((await waiting)?.state.status).toBe('signedOut')
    world.next('refresh').answer()
    await settle()
    expect(world.storage.get('wx-session')).toEqual({ signedOut: true })
  })

  it('wins over a sign-in that is still reading what was kept', async () => {
    const { world, session } = bench()
    world.held.add('storage')
    const signIn = session.signIn()
    void session.signOut()
    world.held.clear()
    for (const pending of world.pending.splice(0)) pending.answer()
    expect((await signIn).status).toBe('signedOut')
    await settle()
    expect(world.counts.login).toBe(0)
  })

  it('and in again at once shares the wx.login on its way, but not its exchange', async () => {
    const { world, session } = bench()
    world.held.add('login')
    void session.launch()
    await settle()
    await session.signOut()
    const signIn = session.signIn()
    await settle()
    expect(world.counts.login).toBe(1)
    world.next('login').answer()
    expect((await signIn).status).toBe('signedIn')
    expect(world.counts).toMatchObject({ login: 1, exchange: 1 })
  })
})

describe('accepting a bound account', () => {
  const accepted = (world: World) => ({
    tokens: world.newTokens({ name: 'bound' }),
    user: { name: 'bound' },
    newUser: false,
  })

  it('signs in, is kept, and lets waiting calls go', async () => {
    const { world, session, call } = bench()
    world.held.add('login')
    const waiting = call()
    await settle()
    const signedInNow = accepted(world)
    await session.accept(signedInNow)
    expect(await waiting).toBe(signedInNow.tokens.accessToken)
    expect(await bench(world).session.launch()).toMatchObject({ user: { name: 'bound' } })
  })

  it('wins over a sign-in on its way that still found the identity unbound', async () => {
    const { world, session } = bench()
    world.boundTo = null
    world.held.add('exchange')
    const launch = session.launch()
    await settle()
    await session.accept(accepted(world))
    world.next('exchange').answer()
    expect(await launch).toMatchObject({ user: { name: 'bound' } })
    await settle()
    expect(session.state).toMatchObject({ user: { name: 'bound' } })
    expect(world.storage.get('wx-session')).toMatchObject({ user: { name: 'bound' } })
  })

  it('replays no call that somebody else has made before', async () => {
    const { world, session, call } = await signedIn()
    world.held.add('call')
    const old = call('pay')
    await settle()
    world.expire()
    await session.accept(accepted(world))
    world.held.clear()
    world.next('call').answer()
    await expect(old).rejects.toMatchObject({ data: { reason: 'unauthenticated' } })
    expect(world.sent).toHaveLength(1)
  })
})

describe('signIn', () => {
  it('does nothing for somebody who is signed in', async () => {
    const { world, session } = await signedIn()
    expect((await session.signIn()).status).toBe('signedIn')
    expect(world.counts.login).toBe(1)
  })

  it('gets a fresh ticket for an unbound identity', async () => {
    const { world, session } = bench()
    world.boundTo = null
    const first = await session.launch()
    const second = await session.signIn()
    expect(second).toMatchObject({ status: 'unbound', ticketExpiresAt: farFuture })
    expect(second).not.toEqual(first)
  })

  it('is one sign-in however often it is tapped', async () => {
    const { world, session } = await signedIn()
    await session.signOut()
    await Promise.all([session.signIn(), session.signIn(), session.signIn()])
    expect(world.counts.login).toBe(2)
  })

  it('tells a failure as a state', async () => {
    const { world, session } = await signedIn()
    await session.signOut()
    const error = networkError()
    world.trouble.exchange = () => error
    expect(await session.signIn()).toEqual({ status: 'offline', error })
    expect(world.storage.get('wx-session')).toEqual({ signedOut: true })
  })
})

describe('what others see', () => {
  it('is each change of the state, until they leave', async () => {
    const { world, session, call } = bench()
    const seen: string[] = []
    const leave = session.subscribe((state) => seen.push(state.status))
    await session.launch()
    world.expire()
    await call()
    await session.updateUser({ name: 'new' })
    await session.signOut()
    leave()
    await session.signIn()
    expect(seen).toEqual(['signedIn', 'signedIn', 'signedOut'])
  })

  it('is not spoilt by a listener that throws', async () => {
    vi.useFakeTimers()
    const { session } = bench()
    const seen = vi.fn()
    session.subscribe(() => {
      throw new Error('a page broke')
    })
    session.subscribe(seen)
    await session.launch()
    expect(seen).toHaveBeenCalledOnce()
    expect(() => vi.runAllTimers()).toThrow('a page broke')
    vi.useRealTimers()
  })

  it('is the profile as last updated, also after a refresh and a restart', async () => {
    const { world, session, call } = await signedIn()
    await session.updateUser({ name: 'new' })
    world.expire()
    await call()
    expect(session.state).toEqual({ status: 'signedIn', user: { name: 'new' } })
    expect(await bench(world).session.launch()).toMatchObject({ user: { name: 'new' } })
  })

  it('is nothing new when a profile is updated while nobody is signed in', async () => {
    const { session } = await signedIn()
    await session.signOut()
    await session.updateUser({ name: 'new' })
    expect(session.state).toEqual({ status: 'signedOut' })
  })
})

describe('events', () => {
  it('tell each change into a state, with what belongs to it', async () => {
    const { world, session } = bench()
    const seen: string[] = []
    session.on('signedIn', ({ user }) => seen.push(`signedIn ${user.name}`))
    session.on('unbound', ({ ticket }) => seen.push(`unbound ${ticket !== ''}`))
    session.on('signedOut', ({ status }) => seen.push(status))
    session.on('offline', ({ error }) => seen.push(`offline ${error instanceof Error}`))
    world.boundTo = null
    await session.launch()
    world.trouble.exchange = networkError
    await session.signIn()
    world.trouble = {}
    world.boundTo = { name: 'ming' }
    await session.signIn()
    await session.signOut()
    expect(seen).toEqual(['unbound true', 'offline true', 'signedIn ming', 'signedOut'])
  })

  it('signedIn is no renewal and no new profile, but is another account', async () => {
    const { world, session, call } = await signedIn()
    const seen: string[] = []
    const leave = session.on('signedIn', ({ user }) => seen.push(user.name))
    world.revoke()
    await call()
    await session.updateUser({ name: 'new' })
    expect([world.counts.login, seen]).toEqual([2, []])
    const other = { name: 'other' }
    await session.accept({ tokens: world.newTokens(other), user: other, newUser: false })
    leave()
    await session.accept({ tokens: world.newTokens(other), user: other, newUser: false })
    expect(seen).toEqual(['other'])
  })

  it('are typed: each listener gets the state of its event', () => {
    const { session } = bench()
    // @ts-expect-error there is no such event
    session.on('starting', () => undefined)
    // @ts-expect-error nobody is signed in there
    session.on('signedOut', ({ user }) => user)
  })
})

describe('storage', () => {
  it('ends with the newest content, however slowly it writes', async () => {
    const { world, session } = await signedIn()
    world.held.add('storage')
    const writes = [session.updateUser({ name: 'a' }), session.updateUser({ name: 'b' })]
    writes.push(session.signOut())
    world.next('storage').answer()
    await settle()
    expect(world.pending).toHaveLength(1)
    world.next('storage').answer()
    await Promise.all(writes)
    expect(world.storage.get('wx-session')).toEqual({ signedOut: true })
  })
})
