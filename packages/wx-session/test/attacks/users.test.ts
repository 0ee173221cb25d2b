import { describe, expect, it } from 'vitest'
import { createFixture, FakePlatform, settle } from '../fixtures/fake-platform.ts'

/** A call is sent for the user for whom it was made, and for no other one. */

async function signedInAsMing() {
  const fixture = createFixture()
  await fixture.session.launch()
  return fixture
}

it('a call that was sent before the identity was unbound is not repeated for the next user', async () => {
  const { platform, session, call } = await signedInAsMing()
  platform.delayed.add('call')
  const slow = call('account.delete').catch((error: Error) => error.message)
  const request = platform.take('call')
  platform.delayed.clear()
  // On another device: unbound, then bound to another account.
  platform.revoke()
  platform.boundTo = null
  await call().catch(() => undefined)
  expect(session.state.status).toBe('unbound')
  platform.boundTo = { name: 'other' }
  expect(await session.signIn()).toMatchObject({ user: { name: 'other' } })
  request.reply()
  expect(await slow).toBe('refused: unauthenticated')
  expect(platform.sent.filter(({ path }) => path === 'account.delete')).toHaveLength(1)
})

it('a call that was made before the renewal found another user is not repeated, and the next one is theirs', async () => {
  const { platform, session, call } = await signedInAsMing()
  const users: string[] = []
  session.on('signedIn', ({ user }) => users.push(user.name))
  platform.revoke()
  platform.boundTo = { name: 'other' }
  await expect(call('account.delete')).rejects.toThrow('unauthenticated')
  expect(users).toEqual(['other'])
  expect(platform.ownerOf.get(String(await call()))).toBe('other')
  expect(platform.sent.filter(({ path }) => path === 'account.delete')).toHaveLength(1)
})

describe('tokens that are replaced while a call runs', () => {
  it('are used for the one repetition of the call', async () => {
    const { platform, session, call } = await signedInAsMing()
    platform.delayed.add('call')
    const slow = call('slow')
    const request = platform.take('call')
    platform.delayed.clear()
    platform.expire()
    const newest = await call('quick')
    request.reply()
    expect(await slow).toBe(newest)
    expect(platform.counts.refresh).toBe(1)
    expect(session.state.status).toBe('signedIn')
  })

  it('by a decision of the person are not used for it', async () => {
    const platform = new FakePlatform()
    const { session, call } = createFixture(platform)
    await session.launch()
    platform.delayed.add('call')
    const slow = call('slow').catch((error: Error) => error.message)
    const request = platform.take('call')
    platform.revoke()
    const user = { name: 'bound' }
    await session.accept({ tokens: platform.newTokens(user), user })
    request.reply()
    expect(await slow).toBe('refused: unauthenticated')
    expect(platform.sent.filter(({ path }) => path === 'slow')).toHaveLength(1)
  })
})

describe('an account that another context binds', () => {
  const [one, two] = [
    { id: '1', name: 'one' },
    { id: '2', name: 'two' },
  ]
  const bind = async (platform: FakePlatform, { session }: ReturnType<typeof createFixture>) => {
    platform.boundTo = two
    await session.accept({ tokens: platform.newTokens(two), user: two })
  }
  const launchAgain = (platform: FakePlatform) => {
    platform.delayed.clear()
    return createFixture(platform).session.launch()
  }

  it('is not undone by a renewal that began before', async () => {
    const platform = new FakePlatform()
    platform.boundTo = one
    const [here, there] = [createFixture(platform), createFixture(platform)]
    await here.session.launch()
    await there.session.launch()
    platform.expire()
    platform.delayed.add('refresh')
    const waiting = here.call('account.delete').catch((error: Error) => error.message)
    await settle()
    await bind(platform, there)
    platform.take('refresh').reply()
    expect(await waiting).toBe('refused: unauthenticated')
    expect(here.session.state).toEqual({ status: 'signedIn', user: two })
    expect(await launchAgain(platform)).toEqual({ status: 'signedIn', user: two })
    expect(platform.sent.filter(({ path }) => path === 'account.delete')).toHaveLength(1)
  })

  it('is not undone by a launch that found no account before', async () => {
    const platform = new FakePlatform()
    platform.boundTo = null
    const [here, there] = [createFixture(platform), createFixture(platform)]
    await there.session.launch()
    platform.delayed.add('exchange')
    const launched = here.session.launch()
    await settle()
    platform.take('exchange').reply()
    await bind(platform, there)
    expect(await launched).toEqual({ status: 'signedIn', user: two })
    expect(await launchAgain(platform)).toEqual({ status: 'signedIn', user: two })
    expect(platform.counts.login).toBe(2)
  })
})
