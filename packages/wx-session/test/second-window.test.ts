import { expect, it } from 'vitest'
import { createFixture, FakePlatform } from './fixtures/fake-platform.ts'

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
  expect(await restarted.session.launch()).toEqual({ status: 'signedIn', user: hua })
  platform.expire()
  await first.call()
  expect(first.session.state).toEqual({ status: 'signedIn', user: hua })
})
