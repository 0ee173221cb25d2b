import { expect, it } from 'vitest'
import { createFixture, FakePlatform, settle } from './fixtures/fake-platform.ts'

const hong = { id: '2', name: 'hong' }

async function signedIn() {
  const platform = new FakePlatform()
  platform.boundTo = { id: '1', name: 'ming' }
  const fixture = createFixture(platform)
  await fixture.session.launch()
  return { ...fixture, mingsToken: platform.newest() }
}

it('a call is not repeated for another user whom the renewal signs in, and the app hears of the change', async () => {
  const { platform, session, call, mingsToken } = await signedIn()
  const heard: unknown[] = []
  session.on('signedIn', ({ user }) => heard.push(user))
  // On a PC, the same WeChat was unbound from ming and bound to hong.
  platform.revoke()
  platform.boundTo = hong
  await expect(call('account.delete')).rejects.toMatchObject({
    data: { reason: 'unauthenticated' },
  })
  expect(platform.sent).toEqual([{ path: 'account.delete', token: mingsToken }])
  expect(session.state).toEqual({ status: 'signedIn', user: hong })
  expect(heard).toEqual([hong])
  expect(await call('me')).toBe(platform.newest())
})

it('of calls in flight none is repeated for another user, also when its refusal comes later', async () => {
  const { platform, session, call, mingsToken } = await signedIn()
  platform.delayed.add('call')
  const [first, second] = [call('a'), call('b')].map((sent) => sent.catch(() => 'failed'))
  await settle()
  platform.revoke()
  platform.boundTo = hong
  platform.take('call').reply()
  await settle()
  expect(session.state).toEqual({ status: 'signedIn', user: hong })
  platform.take('call').reply()
  expect(await Promise.all([first, second])).toEqual(['failed', 'failed'])
  expect(platform.sent.map(({ token }) => token)).toEqual([mingsToken, mingsToken])
})

it('a new profile of the same id is the same user, and the call is repeated', async () => {
  const { platform, session, call } = await signedIn()
  const heard: unknown[] = []
  session.on('signedIn', (state) => heard.push(state))
  platform.revoke()
  platform.boundTo = { id: '1', name: 'Ming' }
  expect(await call()).toBe(platform.newest())
  expect(session.state).toEqual({ status: 'signedIn', user: { id: '1', name: 'Ming' } })
  expect(heard).toEqual([])
})

it('isSameUser decides where a user has no id', async () => {
  const isSameUser = () => true
  const { platform, session, call } = createFixture(new FakePlatform(), { isSameUser })
  await session.launch()
  platform.revoke()
  platform.boundTo = { name: 'renamed' }
  expect(await call()).toBe(platform.newest())
})

it('another context that signs another user in is heard, and what this one had sent is not repeated', async () => {
  const { platform, session, call } = await signedIn()
  const other = createFixture(platform)
  await other.session.signOut()
  await other.session.accept({ tokens: platform.newTokens(hong), user: hong })
  platform.expire()
  await expect(call('account.delete')).rejects.toThrow('unauthenticated')
  expect(session.state).toEqual({ status: 'signedIn', user: hong })
  expect(platform.counts).toMatchObject({ login: 1, refresh: 0 })
})
