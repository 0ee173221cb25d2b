import { expect, it } from 'vitest'
import { createFixture, FakePlatform, settle } from './fixtures/fake-platform.ts'

const hua = { id: '1', name: 'hua' }

// Found by apps/simulation, seed 505: its story is the name of the test.
it('a window that missed a sign-out stores a profile, and does not sign out the window that signed in again', async () => {
  const platform = new FakePlatform()
  platform.boundTo = hua
  const [first, second] = [createFixture(platform), createFixture(platform)]
  await first.session.launch()
  await second.session.launch()
  await first.session.signOut()
  await first.session.accept({ tokens: platform.newTokens(hua), user: hua })
  await second.session.updateUser({ ...hua, name: 'hua hua' })

  const restarted = createFixture(platform)
  const user = { ...hua, name: 'hua hua' }
  expect(await restarted.session.launch()).toEqual({ status: 'signedIn', user })
  platform.expire()
  await first.call()
  expect(first.session.state).toEqual({ status: 'signedIn', user })
})

// Seed 320317189 of apps/simulation, and what its mending rests on.
it.each([
  ['is lost', (platform: FakePlatform) => platform.take('exchange').loseRequest()],
  [
    'finds no account, by a reply from before the binding',
    (platform: FakePlatform) => {
      platform.boundTo = null
      platform.take('exchange').reply()
    },
  ],
])(
  'a tap whose sign-in %s leaves the sign-in that another window has made meanwhile',
  async (_how, end) => {
    const platform = new FakePlatform()
    platform.boundTo = hua
    const [first, second] = [createFixture(platform), createFixture(platform)]
    await first.session.launch()
    await first.session.signOut()
    await second.session.launch()
    platform.delayed.add('exchange')
    const tap = first.session.signIn()
    await settle()
    await second.session.accept({ tokens: platform.newTokens(hua), user: hua })
    await first.call()
    expect(first.session.state).toEqual({ status: 'signedIn', user: hua })
    end(platform)
    expect(await tap).toEqual({ status: 'signedIn', user: hua })
    expect(await createFixture(platform).session.launch()).toEqual({
      status: 'signedIn',
      user: hua,
    })
  },
)

// What WeChat's storage cannot promise: it tells no context that another one has written (seed 914002514).
it('a window that has read the storage before a sign-out was stored obeys it at its next read', async () => {
  const platform = new FakePlatform()
  platform.boundTo = hua
  const first = createFixture(platform)
  await first.session.launch()
  platform.delayed.add('storage')
  const second = createFixture(platform)
  const launched = second.session.launch()
  await settle()
  const reads = platform.pending.splice(0)
  const signedOut = first.session.signOut()
  for (const read of reads) read.reply()
  platform.delayed.clear()
  for (const write of platform.pending.splice(0)) write.reply()
  await Promise.all([launched, signedOut])
  expect(second.session.state).toEqual({ status: 'signedIn', user: hua })
  platform.revoke()
  await second.call().catch(() => undefined)
  expect(second.session.state).toEqual({ status: 'signedOut' })
})

// Seed 320317354 of apps/simulation.
it('the profile of who was signed in before, in a late reply, is not shown for who is signed in now', async () => {
  const platform = new FakePlatform()
  platform.boundTo = hua
  const { session } = createFixture(platform)
  await session.launch()
  const lan = { id: '2', name: 'lan' }
  await session.accept({ tokens: platform.newTokens(lan), user: lan })
  await session.updateUser({ ...hua, name: 'hua hua' })
  expect(session.state).toEqual({ status: 'signedIn', user: lan })
  await session.updateUser({ ...lan, name: 'lan lan' })
  expect(session.state).toEqual({ status: 'signedIn', user: { ...lan, name: 'lan lan' } })
})
