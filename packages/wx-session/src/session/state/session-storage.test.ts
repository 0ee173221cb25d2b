import { describe, expect, it } from 'vitest'
import type { SessionWx } from '../call-wx.ts'
import { createSessionStorage } from './session-storage.ts'

const tokens = {
  accessToken: 'a',
  accessTokenExpiresAt: '2999-01-01T00:00:00.000Z',
  refreshToken: 'r',
  refreshTokenExpiresAt: '2999-01-01T00:00:00.000Z',
}
const user = { name: 'ming' }

/** Storage of a phone; `content` is what it has under the key, `writes` are the pending writes. */
function createPhone(content?: unknown) {
  const writes: { data: unknown; succeed(): void; fail(): void }[] = []
  const addWrite = (
    data: unknown,
    { success, fail }: { success(result: unknown): void; fail(failure: object): void },
  ) => {
    writes.push({ data, succeed: () => success({}), fail: () => fail({ errMsg: 'full' }) })
  }
  const wx: SessionWx = {
    login: () => undefined,
    getStorage: ({ success, fail }) =>
      content === undefined ? fail({ errMsg: 'not found' }) : success({ data: content }),
    setStorage: ({ data, ...callbacks }) => addWrite(data, callbacks),
    removeStorage: (callbacks) => addWrite(null, callbacks),
  }
  const storage = createSessionStorage<typeof user>({ wx, key: 'k', timeout: 1000 })
  return { storage, writes }
}

describe('reading', () => {
  it('returns a stored sign-in, and a stored sign-out without anything else', async () => {
    expect(await createPhone({ tokens, user }).storage.read()).toEqual({ tokens, user })
    const signedOut = { signedOut: true, tokens, user }
    expect(await createPhone(signedOut).storage.read()).toEqual({ signedOut: true })
  })

  it.each<[string, unknown]>([
    ['no content', undefined],
    ['null', null],
    ['a string', 'text'],
    ['a function', () => undefined],
    ['signedOut that is not true', { signedOut: 'yes' }],
    ['no tokens', { user }],
    ['null tokens', { tokens: null, user }],
    ['tokens in a string', { tokens: 'a', user }],
    ['no user', { tokens }],
    ...Object.keys(tokens).map((field): [string, unknown] => [
      `tokens without ${field}`,
      { tokens: { ...tokens, [field]: undefined }, user },
    ]),
  ])('returns null for %s', async (_what, content) => {
    expect(await createPhone(content).storage.read()).toBeNull()
  })

  it('accepts a null user', async () => {
    expect(await createPhone({ tokens, user: null }).storage.read()).toEqual({ tokens, user: null })
  })
})

describe('writing', () => {
  it('is settled at once when nothing was written', async () => {
    expect(await createPhone().storage.settled()).toBeUndefined()
  })

  it.each(['succeed', 'fail'] as const)('is settled when the write %ss', async (end) => {
    const { storage, writes } = createPhone()
    let isSettled = false
    storage.write({ tokens, user })
    const settled = storage.settled().then(() => {
      isSettled = true
    })
    await flush()
    expect(isSettled).toBe(false)
    writes[0]?.[end]()
    await settled
    expect(writes.map(({ data }) => data)).toEqual([{ tokens, user }])
  })

  it('writes one content at a time, and of several only the newest', async () => {
    const { storage, writes } = createPhone()
    storage.write({ tokens, user })
    storage.write({ signedOut: true })
    storage.write(null)
    await flush()
    expect(writes.map(({ data }) => data)).toEqual([{ tokens, user }])
    writes[0]?.fail()
    await flush()
    expect(writes.map(({ data }) => data)).toEqual([{ tokens, user }, null])
    writes[1]?.succeed()
    await storage.settled()
    storage.write({ signedOut: true })
    expect(writes).toHaveLength(3)
  })
})

const flush = () => new Promise<void>((resolve) => setImmediate(resolve))
