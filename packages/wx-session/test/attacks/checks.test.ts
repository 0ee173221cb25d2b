import { describe, expect, it } from 'vitest'
import { createFixture, FakePlatform, settle } from '../fixtures/fake-platform.ts'

/** Checks of the app that throw for what they do not expect: that counts as no. */

interface Refusal {
  response: { status: number }
}

const isUnauthenticated = (failure: unknown) => (failure as Refusal).response.status === 401
const refusal: Refusal = { response: { status: 401 } }
const lost = new Error('request:fail')

describe('isUnauthenticated that throws', () => {
  it('does not hide the failure of the call', async () => {
    const { session } = createFixture(new FakePlatform(), { isUnauthenticated })
    await session.launch()
    await expect(session.authorized(() => Promise.reject(lost))).rejects.toBe(lost)
  })

  it('for a call that is repeated leaves no unhandled rejection', async () => {
    const unhandled: unknown[] = []
    const note = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', note)
    const { session } = createFixture(new FakePlatform(), { isUnauthenticated })
    await session.launch()
    const failures = [refusal, lost]
    await expect(session.authorized(() => Promise.reject(failures.shift()))).rejects.toBe(lost)
    await settle()
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })
})

it('isCodeRejected that throws does not hide the failure of the exchange', async () => {
  const platform = new FakePlatform()
  platform.failures = { exchange: () => lost }
  const isCodeRejected = (failure: unknown) => (failure as Refusal).response.status === 400
  const { session } = createFixture(platform, { isCodeRejected })
  expect(await session.launch()).toEqual({ status: 'offline', error: lost })
})

it('isSameUser that throws: it is another user, and the call is not repeated', async () => {
  const platform = new FakePlatform()
  const isSameUser = () => {
    throw new TypeError('no profile')
  }
  const { session, call } = createFixture(platform, { isSameUser })
  await session.launch()
  platform.revoke()
  platform.boundTo = { name: 'other' }
  await expect(call('account.delete')).rejects.toThrow('unauthenticated')
  expect(session.state).toEqual({ status: 'signedIn', user: { name: 'other' } })
  expect(platform.sent.filter(({ path }) => path === 'account.delete')).toHaveLength(1)
})
