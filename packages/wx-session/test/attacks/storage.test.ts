import { describe, expect, it } from 'vitest'
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
})

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
