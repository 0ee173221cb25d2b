import { describe, expect, it } from 'vitest'
import { createFixture, FakePlatform, settle } from '../fixtures/fake-platform.ts'

/** What a context does in the background replaces in storage only what it is based on. */

const [a, b, c] = [
  { id: 'a', name: 'a' },
  { id: 'b', name: 'b' },
  { id: 'c', name: 'c' },
]

/** Two contexts in which `a` is signed in by accept; the WeChat identity itself belongs to another user, or to none. */
async function twoContexts(boundTo: typeof c | null, isPlainRotation = true) {
  const platform = new FakePlatform()
  platform.isPlainRotation = isPlainRotation
  platform.boundTo = boundTo
  const [here, there] = [createFixture(platform), createFixture(platform)]
  await here.session.accept({ tokens: platform.newTokens(a), user: a })
  await there.session.launch()
  const nextLaunch = () => createFixture(platform).session.launch()
  return { platform, here, there, nextLaunch }
}

describe.each([
  ['has no account', null],
  ['is another user', c],
])('where the WeChat identity %s', (_what, boundTo) => {
  it('a refresh that is refused because another context has refreshed ends no sign-in', async () => {
    const { platform, here, there, nextLaunch } = await twoContexts(boundTo)
    platform.expire()
    platform.delayed.add('refresh')
    const calls = [here.call(), there.call()]
    await settle()
    platform.take('refresh').reply()
    await settle()
    platform.take('refresh').reply()
    expect(await Promise.all(calls)).toEqual([platform.newest(), platform.newest()])
    expect(platform.refusedRefreshes).toBe(1)
    expect(platform.counts.login).toBe(0)
    expect(await nextLaunch()).toEqual({ status: 'signedIn', user: a })
  })

  it('also where that context stores its tokens while this one is in wx.login', async () => {
    const { platform, here, there, nextLaunch } = await twoContexts(boundTo)
    platform.expire()
    for (const kind of ['refresh', 'login'] as const) platform.delayed.add(kind)
    const calls = [here.call(), there.call()]
    await settle()
    const { setStorage } = platform.wx
    let store = () => {}
    platform.wx.setStorage = (options) => {
      store = () => setStorage(options)
    }
    for (const refresh of platform.pending.splice(0)) {
      refresh.reply()
      await settle()
    }
    platform.wx.setStorage = setStorage
    store()
    await settle()
    platform.take('login').reply()
    const [first, second] = await Promise.all(calls)
    expect(second).toBe(first)
    expect(platform.ownerOf.get(String(first))).toBe(a.name)
    expect(there.session.state).toEqual({ status: 'signedIn', user: a })
    expect(await nextLaunch()).toEqual({ status: 'signedIn', user: a })
  })
})

describe('an account that another context binds is not replaced by', () => {
  const bindB = ({ platform, there }: Awaited<ReturnType<typeof twoContexts>>) =>
    there.session.accept({ tokens: platform.newTokens(b), user: b })

  it.each(['refresh', 'exchange'] as const)('the reply to a slow %s', async (kind) => {
    const contexts = await twoContexts(a)
    const { platform, here, nextLaunch } = contexts
    if (kind === 'refresh') platform.expire()
    else platform.revoke()
    platform.delayed.add(kind)
    const waiting = here.call().catch((error: Error) => error.message)
    await settle()
    await bindB(contexts)
    platform.take(kind).reply()
    expect(await waiting).toBe('refused: unauthenticated')
    expect(here.session.state).toEqual({ status: 'signedIn', user: b })
    expect(await nextLaunch()).toEqual({ status: 'signedIn', user: b })
  })

  it.each([
    ['finds no account', null],
    ['signs another user in', c],
  ])('a slow launch that %s', async (_what, boundTo) => {
    const platform = new FakePlatform()
    platform.boundTo = boundTo
    const [here, there] = [createFixture(platform), createFixture(platform)]
    platform.delayed.add('exchange')
    const launched = here.session.launch()
    await settle()
    await there.session.accept({ tokens: platform.newTokens(b), user: b })
    platform.take('exchange').reply()
    expect(await launched).toEqual({ status: 'signedIn', user: b })
    platform.delayed.clear()
    expect(await createFixture(platform).session.launch()).toEqual({ status: 'signedIn', user: b })
  })

  it('a profile of the former user', async () => {
    const contexts = await twoContexts(a)
    await bindB(contexts)
    await contexts.here.session.updateUser({ ...a, name: 'A' })
    expect(await contexts.nextLaunch()).toEqual({ status: 'signedIn', user: b })
  })
})

describe('a profile', () => {
  it('is stored beside the tokens that another context has renewed', async () => {
    const { platform, here, there, nextLaunch } = await twoContexts(null)
    platform.expire()
    await there.call()
    await here.session.updateUser({ ...a, name: 'A' })
    expect(platform.storage.get('wx-session')).toMatchObject({
      tokens: { accessToken: platform.newest() },
    })
    platform.expire()
    expect(await there.call()).toBe(platform.newest())
    platform.expire()
    expect(await here.call()).toBe(platform.newest())
    expect(platform.refusedRefreshes).toBe(0)
    expect(await nextLaunch()).toEqual({ status: 'signedIn', user: { ...a, name: 'A' } })
  })

  it('that another context has stored stays when this one renews the tokens, and is shown', async () => {
    const { platform, here, there, nextLaunch } = await twoContexts(null)
    const user = { ...a, name: 'A' }
    await there.session.updateUser(user)
    platform.expire()
    await here.call()
    expect(here.session.state).toEqual({ status: 'signedIn', user })
    expect(await nextLaunch()).toEqual({ status: 'signedIn', user })
  })

  it('is shown at once, the last of several stays, and a renewal meanwhile does not bring back an older one', async () => {
    const { platform, here, nextLaunch } = await twoContexts(null)
    const seen: unknown[] = []
    here.session.subscribe((state) => seen.push('user' in state && state.user.name))
    platform.expire()
    platform.delayed.add('storage')
    const call = here.call()
    await settle()
    const updates = ['A', 'AA'].map((name) => here.session.updateUser({ ...a, name }))
    expect(here.session.state).toEqual({ status: 'signedIn', user: { ...a, name: 'AA' } })
    platform.delayed.clear()
    for (; platform.pending.length > 0; await settle()) platform.take().reply()
    await Promise.all([call, ...updates])
    expect(seen).toEqual(['A', 'AA'])
    expect(await nextLaunch()).toEqual({ status: 'signedIn', user: { ...a, name: 'AA' } })
  })

  it('without an id is taken, until a second user may have been signed in', async () => {
    const platform = new FakePlatform()
    const { session } = createFixture(platform, { isSameUser: undefined })
    await session.launch()
    await session.updateUser({ name: 'Ming' })
    expect(session.state).toEqual({ status: 'signedIn', user: { name: 'Ming' } })
    const user = { name: 'hong' }
    await session.accept({ tokens: platform.newTokens(user), user })
    await session.updateUser({ name: 'Ming' })
    expect(session.state).toEqual({ status: 'signedIn', user })
  })
})

describe('a sign-out of another context', () => {
  it('that is stored after a tap has begun is obeyed when the tap ends', async () => {
    const platform = new FakePlatform()
    const [here, there] = [createFixture(platform), createFixture(platform)]
    await there.session.launch()
    await there.session.signOut()
    await here.session.launch()
    platform.delayed.add('exchange')
    const tap = here.session.signIn()
    await settle()
    const slow = platform.take('exchange')
    platform.delayed.clear()
    await there.session.signIn()
    await there.session.signOut()
    slow.reply()
    expect(await tap).toEqual({ status: 'signedOut' })
    expect(await createFixture(platform).session.launch()).toEqual({ status: 'signedOut' })
    expect((await here.session.signIn()).status).toBe('signedIn')
  })

  it('from before a tap is overridden, also where the tap comes while a silent sign-in runs', async () => {
    const platform = new FakePlatform()
    const [here, there] = [createFixture(platform), createFixture(platform)]
    platform.delayed.add('exchange')
    const launch = here.session.launch()
    await settle()
    await there.session.signOut()
    const tap = here.session.signIn()
    await settle()
    platform.delayed.clear()
    platform.take('exchange').reply()
    expect((await launch).status).toBe('signedIn')
    expect((await tap).status).toBe('signedIn')
    expect((await createFixture(platform).session.launch()).status).toBe('signedIn')
  })

  it('is obeyed by a tap in a context that shows a sign-in whose renewal waits', async () => {
    const { platform, here, there, nextLaunch } = await twoContexts(a)
    platform.revoke()
    platform.failures.exchange = () =>
      Object.assign(new Error('busy'), { data: { retryAfter: 60 } })
    await expect(here.call()).rejects.toThrow('busy')
    platform.failures = {}
    await there.session.signOut()
    expect(await here.session.signIn()).toEqual({ status: 'signedOut' })
    expect(await nextLaunch()).toEqual({ status: 'signedOut' })
  })

  it('is not undone by an account whose write has failed before', async () => {
    const { platform, here, there, nextLaunch } = await twoContexts(null)
    const { setStorage, removeStorage } = platform.wx
    platform.wx.setStorage = ({ fail }) => fail({ errMsg: 'setStorage:fail' })
    platform.wx.removeStorage = ({ fail }) => fail({ errMsg: 'removeStorage:fail' })
    await here.session.accept({ tokens: platform.newTokens(b), user: b })
    Object.assign(platform.wx, { setStorage, removeStorage })
    await there.session.signOut()
    platform.revoke()
    await here.call().catch(() => undefined)
    expect(here.session.state).toEqual({ status: 'signedOut' })
    expect(await nextLaunch()).toEqual({ status: 'signedOut' })
  })
})

it('an account that another context binds counts also where the clock takes its tokens for expired', async () => {
  const { platform, here, there, nextLaunch } = await twoContexts(a)
  const { time } = platform
  platform.time = Date.parse('2999-02-01')
  platform.expire()
  platform.delayed.add('refresh')
  const waiting = here.call().catch((error: Error) => error.message)
  await settle()
  await there.session.accept({ tokens: platform.newTokens(b), user: b })
  platform.take('refresh').reply()
  expect(await waiting).toBe('refused: unauthenticated')
  platform.time = time
  expect(await nextLaunch()).toEqual({ status: 'signedIn', user: b })
})

it('renewed tokens are used also where storage cannot be read when they come', async () => {
  const { platform, here, nextLaunch } = await twoContexts(null)
  platform.expire()
  platform.delayed.add('refresh')
  const call = here.call()
  await settle()
  const { getStorage } = platform.wx
  platform.wx.getStorage = ({ fail }) => fail({ errMsg: 'getStorage:fail system error' })
  platform.take('refresh').reply()
  expect(await call).toBe(platform.newest())
  platform.wx.getStorage = getStorage
  // A later read stores what could not be stored.
  platform.delayed.clear()
  platform.expire()
  expect(await here.call()).toBe(platform.newest())
  expect(platform.refusedRefreshes).toBe(0)
  expect(await nextLaunch()).toEqual({ status: 'signedIn', user: a })
})

it('a clock that is far ahead at one launch does not delete a stored sign-in', async () => {
  const { platform, nextLaunch } = await twoContexts(null)
  const { time } = platform
  platform.time = Date.parse('2999-02-01')
  expect((await nextLaunch()).status).toBe('unbound')
  platform.time = time
  expect(await nextLaunch()).toEqual({ status: 'signedIn', user: a })
})
