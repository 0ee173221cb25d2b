import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SessionWx } from '../src/index.ts'
import { createFixture, FakePlatform } from './fixtures/fake-platform.ts'

/** Storage of a phone that does not call back, and reads that fail. */

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

type StorageApi = 'getStorage' | 'setStorage' | 'removeStorage'
/** Milliseconds: the default of `loginTimeout`. */
const limit = 10_000

function createPhone(silent: StorageApi[]) {
  const platform = new FakePlatform()
  for (const api of silent) platform.wx[api] = () => undefined
  const fixture = createFixture(platform)
  /** How long the person waits, in milliseconds. */
  const time = async (action: () => Promise<unknown>) => {
    const before = Date.now()
    let end = 0
    const done = action().then(
      () => {
        end = Date.now()
      },
      () => {
        end = Date.now()
      },
    )
    await vi.advanceTimersByTimeAsync(10 * limit)
    await done
    return end - before
  }
  return { ...fixture, platform, time }
}

describe.each<[string, StorageApi[]]>([
  ['writes', ['setStorage']],
  ['writes and removals', ['setStorage', 'removeStorage']],
  ['reads', ['getStorage']],
  ['all of storage', ['getStorage', 'setStorage', 'removeStorage']],
])('where %s never end', (_what, silent) => {
  it('each action of the person ends after about one limit', async () => {
    const { session, call, time } = createPhone(silent)
    for (const action of [
      () => session.launch(),
      () => call(),
      () => session.signIn(),
      () => call(),
      () => session.signOut(),
      () => call(),
      () => session.signIn(),
      () => call(),
    ])
      expect(await time(action)).toBeLessThanOrEqual(limit * 1.5)
    expect(session.state.status).toBe('signedIn')
  })
})

it('storage that answers again has the whole limit again', async () => {
  const { platform, session, call, time } = createPhone(['getStorage'])
  await time(() => session.launch())
  await time(call)
  const works = new FakePlatform().wx
  platform.wx.getStorage = works.getStorage
  expect(await time(call)).toBe(0)
  const slow: SessionWx['getStorage'] = ({ success }) =>
    void setTimeout(success, 9_000, { data: undefined })
  platform.wx.getStorage = slow
  await session.signOut()
  expect(await time(call)).toBeGreaterThanOrEqual(9_000)
})

describe('a read that fails with', () => {
  it.each([
    'no such file or directory',
    'file not exist',
    'database not found',
    'jsapi not exist',
    'getStorage not found',
  ])('"%s" is not taken for "nothing stored"', async (reason) => {
    const platform = new FakePlatform()
    const first = createFixture(platform)
    await first.session.launch()
    await first.session.signOut()
    platform.wx.getStorage = ({ fail }) => fail({ errMsg: `getStorage:fail ${reason}` })
    expect((await createFixture(platform).session.launch()).status).toBe('offline')
    expect(platform.counts.login).toBe(1)
  })

  it.each([
    'data not found',
    'no data',
    'key not exist',
    'no such key',
    'the key does not exist',
    'key is empty',
    '数据不存在',
  ])('"%s" is: the first launch signs in', async (reason) => {
    const platform = new FakePlatform()
    platform.wx.getStorage = ({ fail }) => fail({ errMsg: `getStorage:fail ${reason}` })
    expect((await createFixture(platform).session.launch()).status).toBe('signedIn')
  })
})
