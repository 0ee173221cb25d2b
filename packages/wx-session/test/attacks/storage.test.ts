import { describe, expect, it, vi } from 'vitest'
import { createFixture, FakePlatform, settle } from '../fixtures/fake-platform.ts'

/** Storage that answers without sense, that is full, and that several contexts share. */

it('a read that succeeds without an argument is not taken for "nothing stored"', async () => {
  const platform = new FakePlatform()
  const first = createFixture(platform)
  await first.session.launch()
  await first.session.signOut()
  const { getStorage } = platform.wx
  platform.wx.getStorage = ({ success }) => success(undefined as never)
  const second = createFixture(platform)
  expect((await second.session.launch()).status).toBe('offline')
  platform.wx.getStorage = getStorage
  expect((await createFixture(platform).session.launch()).status).toBe('signedOut')
  expect(platform.counts.login).toBe(1)
})

describe('storage in which nothing can be written', () => {
  const full = () => {
    const platform = new FakePlatform()
    platform.wx.setStorage = ({ fail }) => fail({ errMsg: 'setStorage:fail entry size limit' })
    return platform
  }

  it('signs in, renews, and keeps a sign-out', async () => {
    const platform = full()
    const { session, call } = createFixture(platform)
    await session.launch()
    for (let times = 0; times < 3; times += 1) {
      platform.expire()
      expect(await call()).toMatch(/^access/)
    }
    expect(session.state.status).toBe('signedIn')
    await session.signOut()
    expect(session.state.status).toBe('signedOut')
    await expect(call()).rejects.toThrow('signedOut')
  })

  it('since the last launch keeps a sign-out for the next one', async () => {
    const platform = new FakePlatform()
    await createFixture(platform).session.launch()
    platform.wx.setStorage = full().wx.setStorage
    const { session } = createFixture(platform)
    await session.launch()
    await session.signOut()
    expect((await createFixture(platform).session.launch()).status).toBe('signedOut')
  })

  const ming = { id: '1', name: 'ming' }
  const hua = { id: '2', name: 'hua' }

  /** Signed in and kept, perhaps after a sign-out, and full from then on. */
  async function fullWhileSignedIn(hasSignedOut: boolean) {
    const platform = new FakePlatform()
    platform.boundTo = ming
    const fixture = createFixture(platform)
    await fixture.session.launch()
    if (hasSignedOut) {
      await fixture.session.signOut()
      await fixture.session.signIn()
    }
    const { setStorage } = platform.wx
    platform.wx.setStorage = full().wx.setStorage
    const nextLaunch = () => createFixture(platform).session.launch()
    return { ...fixture, setStorage, nextLaunch }
  }

  describe.each([false, true])('where the person has signed out before: %j', (hasSignedOut) => {
    it.each([
      ['another user', hua],
      ['no account', null],
    ])('a change to %s counts at the next launch', async (_what, boundTo) => {
      const { platform, session, call, nextLaunch } = await fullWhileSignedIn(hasSignedOut)
      platform.boundTo = boundTo
      platform.revoke()
      await call().catch(() => undefined)
      await settle()
      const { status } = session.state
      expect(status).toBe(boundTo ? 'signedIn' : 'unbound')
      expect(await nextLaunch()).toMatchObject(boundTo ? { status, user: boundTo } : { status })
    })

    it('renewed tokens that cannot be kept sign nobody out, and a sign-out after them holds', async () => {
      const { platform, session, call, setStorage, nextLaunch } =
        await fullWhileSignedIn(hasSignedOut)
      for (let times = 0; times < 2; times += 1) {
        platform.expire()
        expect(await call()).toMatch(/^access/)
      }
      await settle()
      expect(await nextLaunch()).toEqual({ status: 'signedIn', user: ming })
      await session.signOut()
      expect(await nextLaunch()).toEqual({ status: 'signedOut' })
      platform.wx.setStorage = setStorage
      await createFixture(platform).session.signIn()
      expect(await nextLaunch()).toEqual({ status: 'signedIn', user: ming })
    })
  })
})

it('a sign-out is stored also where storage fails for a moment, and no read follows', async () => {
  vi.useFakeTimers()
  const platform = new FakePlatform()
  const { session } = createFixture(platform)
  await session.launch()
  const { setStorage, removeStorage } = platform.wx
  platform.wx.setStorage = ({ fail }) => fail({ errMsg: 'setStorage:fail' })
  platform.wx.removeStorage = ({ fail }) => fail({ errMsg: 'removeStorage:fail' })
  await session.signOut()
  Object.assign(platform.wx, { setStorage, removeStorage })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
  expect((await createFixture(platform).session.launch()).status).toBe('signedOut')
})

it('a write that has timed out does not replace what another context has stored since', async () => {
  vi.useFakeTimers()
  const platform = new FakePlatform()
  const [first, second] = [createFixture(platform), createFixture(platform)]
  await first.session.launch()
  await second.session.launch()
  const { setStorage, removeStorage } = platform.wx
  Object.assign(platform.wx, { setStorage() {}, removeStorage() {} })
  const signedOut = first.session.signOut()
  await vi.advanceTimersByTimeAsync(15_000)
  await signedOut
  Object.assign(platform.wx, { setStorage, removeStorage })
  const hua = { id: '2', name: 'hua' }
  await second.session.accept({ tokens: platform.newTokens(hua), user: hua })
  await first.call().catch(() => undefined)
  await vi.advanceTimersByTimeAsync(10_000)
  vi.useRealTimers()
  const launched = await createFixture(platform).session.launch()
  expect(launched).toEqual({ status: 'signedIn', user: hua })
})

it.each([[[]], [{ a: 1 }], ['text'], [true]])(
  'what another program has left in place of a sign-out (%j) does not keep the person out',
  async (value) => {
    const platform = new FakePlatform()
    platform.storage.set('wx-session.out', value)
    await createFixture(platform).session.signIn()
    expect((await createFixture(platform).session.launch()).status).toBe('signedIn')
  },
)

describe('a sign-out during', () => {
  it.each(['login', 'exchange', 'refresh', 'call', 'storage'] as const)(
    'a %s holds, here and at the next launch',
    async (kind) => {
      const platform = new FakePlatform()
      const { session, call } = createFixture(platform)
      await session.launch()
      platform.delayed.add(kind)
      if (kind === 'login' || kind === 'exchange') platform.revoke()
      else platform.expire()
      const waiting = call().catch((error: Error) => error.name)
      await settle()
      const done = session.signOut()
      platform.delayed.clear()
      while (platform.pending.length > 0) {
        platform.take().reply()
        await settle()
      }
      await done
      await waiting
      expect(session.state.status).toBe('signedOut')
      const next = createFixture(platform)
      expect((await next.session.launch()).status).toBe('signedOut')
    },
  )
})

describe('two contexts', () => {
  it('where one signs out while the other one signs in: both are signed out', async () => {
    const platform = new FakePlatform()
    const there = createFixture(platform)
    await there.session.launch()
    platform.revoke()
    const here = createFixture(platform)
    platform.storage.clear()
    platform.delayed.add('exchange')
    const launched = here.session.launch()
    await settle()
    await there.session.signOut()
    platform.delayed.clear()
    platform.take().reply()
    expect((await launched).status).toBe('signedOut')
    expect((await createFixture(platform).session.launch()).status).toBe('signedOut')
  })

  it('where one signs out while the other one renews its token: both are signed out', async () => {
    const platform = new FakePlatform()
    const [here, there] = [createFixture(platform), createFixture(platform)]
    await here.session.launch()
    await there.session.launch()
    platform.expire()
    platform.delayed.add('refresh')
    const waiting = here.call().catch((error: { cause?: Error }) => error.cause?.name)
    await settle()
    await there.session.signOut()
    platform.take('refresh').reply()
    expect(await waiting).toBe('NotSignedInError')
    expect(here.session.state.status).toBe('signedOut')
    expect((await createFixture(platform).session.launch()).status).toBe('signedOut')
  })

  it('where one binds another account: the other one makes no call in its name that it was not made for', async () => {
    const platform = new FakePlatform()
    const [here, there] = [createFixture(platform), createFixture(platform)]
    await here.session.launch()
    await there.session.launch()
    const user = { name: 'bound' }
    platform.revoke()
    await there.session.accept({ tokens: platform.newTokens(user), user })
    await expect(here.call('account.delete')).rejects.toThrow('unauthenticated')
    expect(here.session.state).toEqual({ status: 'signedIn', user })
    expect(platform.sent.filter(({ path }) => path === 'account.delete')).toHaveLength(1)
  })
})
