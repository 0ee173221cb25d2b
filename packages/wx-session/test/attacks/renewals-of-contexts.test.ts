import { expect, it } from 'vitest'
import { createSession } from '../../src/index.ts'
import { createFixture, FakePlatform, networkError, settle } from '../fixtures/fake-platform.ts'

/** Tokens that another context has renewed are used, and a token of another context is no reason to wait. */

const hua = { id: '1', name: 'hua' }

async function twoContexts() {
  const platform = new FakePlatform()
  platform.boundTo = hua
  const [here, there] = [createFixture(platform), createFixture(platform)]
  await here.session.launch()
  await there.session.launch()
  platform.expire()
  return { platform, here, there }
}

it('in a pause of the renewals, tokens that another context has stored are used', async () => {
  const { platform, here, there } = await twoContexts()
  platform.failures.refresh = networkError
  for (let times = 0; times < 3; times += 1) await here.call().catch(() => undefined)
  const { refresh } = platform.counts
  expect(refresh).toBe(2)
  platform.failures = {}
  expect(await there.call()).toBe(platform.newest())
  await settle()
  expect(await here.call()).toBe(platform.newest())
  expect(platform.counts.refresh).toBe(refresh + 1)
})

it('in a pause of the renewals, a sign-out of another context is obeyed', async () => {
  const { platform, here, there } = await twoContexts()
  platform.failures.refresh = networkError
  for (let times = 0; times < 3; times += 1) await here.call().catch(() => undefined)
  await there.session.signOut()
  await here.call().catch(() => undefined)
  expect(here.session.state).toEqual({ status: 'signedOut' })
})

it('tokens of another context that the server has ended are renewed by the next call', async () => {
  const { platform, here, there } = await twoContexts()
  const newer = { accessTokenExpiresAt: '2999-01-02T00:00:00.000Z' }
  await there.session.accept({ tokens: { ...platform.newTokens(hua), ...newer }, user: hua })
  platform.revoke()
  await expect(here.call()).rejects.toThrow('unauthenticated')
  expect(platform.counts.login).toBe(1)
  expect(await here.call()).toBe(platform.newest())
  expect(platform.counts.login).toBe(2)
})

/** A backend with one token without times, of which the last login wins. */
async function twoContextsWithOneToken() {
  const platform = new FakePlatform()
  let newest = 0
  const open = () => {
    const session = createSession<{ id: number }>({
      wx: platform.wx,
      now: () => platform.time,
      exchange: async () => {
        newest += 1
        return { status: 'signedIn', tokens: { accessToken: `t${newest}` }, user: { id: 1 } }
      },
    })
    const call = async () => {
      await session.authorized(async (token) => {
        if (token !== `t${newest}`) throw { statusCode: 401 }
      })
      await settle()
    }
    return { session, call }
  }
  const [here, there] = [open(), open()]
  await here.session.launch()
  await there.session.launch()
  const expire = () => {
    newest += 1
  }
  return { platform, here, there, expire }
}

it('two contexts do not take the only token from one another', async () => {
  const { platform, here, there, expire } = await twoContextsWithOneToken()
  expire()
  for (let times = 0; times < 20; times += 1) {
    await here.call()
    await there.call()
  }
  expect(platform.counts.login).toBe(2)
})

it('a token without a time that another context has stored long ago is renewed, and the call succeeds', async () => {
  const { platform, here, there, expire } = await twoContextsWithOneToken()
  expire()
  await here.call()
  platform.time += 60_000
  expire()
  await there.call()
  expect(platform.counts.login).toBe(3)
})
