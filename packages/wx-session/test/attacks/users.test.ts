import { describe, expect, it } from 'vitest'
import { createFixture, FakePlatform } from '../fixtures/fake-platform.ts'

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
