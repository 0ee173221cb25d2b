import { describe, expect, it } from 'vitest'
import type { SessionWx } from '../call-wx.ts'
import { signedOut } from './session-state.ts'
import {
  createSessionStorage,
  type SessionStorageOptions,
  type StoredSession,
} from './session-storage.ts'

const tokens = {
  accessToken: 'a',
  accessTokenExpiresAt: '2999-01-01T00:00:00.000Z',
  refreshToken: 'r',
  refreshTokenExpiresAt: '2999-01-01T00:00:00.000Z',
}
const user = { name: 'ming' }
const other = { tokens: { ...tokens, accessToken: 'b' }, user }

interface Callbacks {
  success(result: unknown): void
  fail(failure: object): void
}

/** A phone whose storage answers at once, and has room for `room` characters of JSON. */
function createPhone({ content, room = 1000 }: { content?: unknown; room?: number } = {}) {
  const stored = new Map<string, unknown>(content === undefined ? [] : [['k', content]])
  const phone = { stored, room, writes: [] as string[], failReads: 0, failWrites: 0 }
  const isFull = (key: string, data: unknown) =>
    JSON.stringify([...new Map(stored).set(key, data)]).length > phone.room
  const write = (key: string, run: () => void, { success, fail }: Callbacks) => {
    phone.writes.push(key)
    if (--phone.failWrites >= 0) return fail({ errMsg: 'setStorage:fail' })
    run()
    success({})
  }
  const wx: SessionWx = {
    login: () => undefined,
    getStorage: ({ key, success, fail }) => {
      if (--phone.failReads >= 0) fail({ errMsg: 'getStorage:fail system error' })
      else if (stored.has(key)) success({ data: structuredClone(stored.get(key)) })
      else fail({ errMsg: 'getStorage:fail data not found' })
    },
    setStorage: ({ key, data, ...callbacks }) => {
      if (isFull(key, data)) return callbacks.fail({ errMsg: 'setStorage:fail exceed limit' })
      write(key, () => stored.set(key, JSON.parse(JSON.stringify(data))), callbacks)
    },
    removeStorage: ({ key, ...callbacks }) => write(key, () => stored.delete(key), callbacks),
  }
  const open = (options: Partial<SessionStorageOptions<typeof user>> = {}) => {
    const complete = {
      wx,
      storageKey: 'k',
      loginTimeout: 1000,
      isUser: () => true,
      now: Date.now,
      ...options,
    }
    const [readStored, write, settled] = createSessionStorage<typeof user>(complete)
    const read = async () => (await readStored())[0]
    return { read, readStored, write, settled }
  }
  return { phone, wx, open }
}

describe('reading', () => {
  it('returns a stored sign-in, and a stored sign-out without anything else', async () => {
    expect(await createPhone({ content: { tokens, user } }).open().read()).toEqual({ tokens, user })
    const content = { signedOut: true, tokens, user }
    expect(await createPhone({ content }).open().read()).toBe(signedOut)
  })

  it.each([
    ['an empty string', ''],
    ['null', null],
    ['undefined', undefined],
  ])(
    'returns null where the platform has %s for each missing key, and no sign-out',
    async (_what, data) => {
      const { wx, open } = createPhone()
      wx.getStorage = ({ success }) => success({ data })
      expect(await open().read()).toBeNull()
    },
  )

  it.each<[string, unknown]>([
    ['no content', undefined],
    ['null', null],
    ['an empty string', ''],
    ['a string', 'text'],
    ['signedOut that is not true', { signedOut: 'yes' }],
    ['no tokens', { user }],
    ['null tokens', { tokens: null, user }],
    ['tokens in a string', { tokens: 'a', user }],
    ['no user', { tokens }],
    ['no access token', { tokens: { ...tokens, accessToken: undefined }, user }],
    ['an empty access token', { tokens: { ...tokens, accessToken: '' }, user }],
    ['an empty refresh token', { tokens: { ...tokens, refreshToken: '' }, user }],
  ])('returns null for %s', async (_what, content) => {
    expect(await createPhone({ content }).open().read()).toBeNull()
  })

  it('accepts a null user, and one token without a time', async () => {
    const content = { tokens: { accessToken: 'a' }, user: null }
    expect(await createPhone({ content }).open().read()).toEqual(content)
  })

  it('returns null for a user of another version, or of a form that the app does not know', async () => {
    const { open } = createPhone()
    const storage = open({ version: 1 })
    storage.write({ tokens, user })
    expect(await storage.read()).toEqual({ tokens, user })
    expect(await open({ version: 2 }).read()).toBeNull()
    expect(await open().read()).toBeNull()
    expect(await open({ version: 1, isUser: () => false }).read()).toBeNull()
    expect(await open({ version: 1, isUser: () => true }).read()).toEqual({ tokens, user })
  })

  it('tries a failure three times in all, and rejects with it', async () => {
    const { phone, open } = createPhone({ content: { signedOut: true } })
    phone.failReads = 2
    expect(await open().read()).toBe(signedOut)
    phone.failReads = 9
    await expect(open().read()).rejects.toMatchObject({ name: 'WxCallError', api: 'getStorage' })
  })
})

describe('writing', () => {
  it('is settled at once when nothing was written', async () => {
    expect(await createPhone().open().settled()).toBeUndefined()
  })

  it('writes the first content at once, and of those that wait only the newest', async () => {
    const { phone, open } = createPhone()
    const storage = open()
    storage.write({ tokens, user }, '')
    storage.write(signedOut)
    storage.write(other)
    await storage.settled()
    expect(phone.writes).toEqual(['k', 'k.on', 'k.in', 'k', 'k.on', 'k.in'])
    expect(await open().read()).toEqual(other)
  })

  it('starts at once where nothing else is read or written', () => {
    const { phone, open } = createPhone()
    open().write(signedOut)
    expect(phone.writes).toEqual(['k.out'])
  })

  it('is known to this context before it is in storage', async () => {
    const storage = createPhone({ content: { tokens, user } }).open()
    const read = storage.read()
    storage.write(signedOut)
    expect(await read).toBe(signedOut)
  })

  it('of nothing removes what was stored', async () => {
    const { phone, open } = createPhone()
    const storage = open()
    storage.write({ tokens, user })
    await storage.settled()
    storage.write(null, 'a')
    await storage.settled()
    expect(phone.stored.size).toBe(0)
    expect(await open().read()).toBeNull()
  })
})

describe('results that follow one another', () => {
  const third = { tokens: { ...tokens, accessToken: 'c' }, user }

  it.each([
    ['while the first is being written', 0],
    ['after the first could not be written', 3],
  ])('are stored, the second one given %s', async (_when, failures) => {
    const { phone, open } = createPhone({ content: { tokens, user } })
    const storage = open()
    await storage.read()
    phone.failWrites = failures
    storage.write(other, 'a')
    if (failures) await storage.settled()
    storage.write(third, 'b')
    await storage.settled()
    expect(await open().read()).toEqual(third)
  })

  it('are stored where the first is a decision that is being written', async () => {
    const { open } = createPhone({ content: { tokens, user } })
    const storage = open()
    storage.write(other)
    storage.write(third, 'b')
    await storage.settled()
    expect(await open().read()).toEqual(third)
  })
})

describe('a write that fails', () => {
  it('once is tried again', async () => {
    const { phone, open } = createPhone()
    const storage = open()
    phone.failWrites = 1
    storage.write({ tokens, user })
    await storage.settled()
    expect(await open().read()).toEqual({ tokens, user })
  })

  it('is tried again before the next read, and until then is what this context knows', async () => {
    const { phone, open } = createPhone()
    const storage = open()
    phone.failWrites = 99
    storage.write({ tokens, user })
    expect(await storage.read()).toEqual({ tokens, user })
    expect(phone.stored.size).toBe(0)
    phone.failWrites = 0
    expect(await storage.read()).toEqual({ tokens, user })
    expect(await open().read()).toEqual({ tokens, user })
  })

  it('because storage is full leaves no older tokens, and no sign-out', async () => {
    const { phone, open } = createPhone()
    const storage = open()
    storage.write({ tokens, user })
    await storage.settled()
    phone.room = 20
    storage.write(other, 'a')
    await storage.settled()
    expect(await open().read()).toBeNull()
  })

  it.each([20, 80, 0])(
    'because storage has room for %i characters keeps a sign-out',
    async (room) => {
      const { phone, open } = createPhone()
      const storage = open()
      storage.write({ tokens, user })
      await storage.settled()
      phone.room = room
      storage.write(signedOut)
      await storage.settled()
      expect(await open().read()).toBe(signedOut)
    },
  )

  it('does not come back after a newer one', async () => {
    const { phone, open } = createPhone()
    const storage = open()
    phone.failWrites = 3
    storage.write(signedOut)
    await storage.settled()
    storage.write({ tokens, user })
    await storage.settled()
    expect(await storage.read()).toEqual({ tokens, user })
    expect(await open().read()).toEqual({ tokens, user })
  })
})

describe('two contexts', () => {
  it('where one signs out: a write of the other, which does not know of it, does not undo it', async () => {
    const { open } = createPhone()
    const [first, second] = [open(), open()]
    first.write({ tokens, user })
    await first.settled()
    expect(await second.read()).toEqual({ tokens, user })
    first.write(signedOut)
    await first.settled()
    second.write(other, 'a')
    await second.settled()
    expect(await first.read()).toBe(signedOut)
    expect(await open().read()).toBe(signedOut)
  })

  it.each(['k.out', 'k'])(
    'where one signs out: a profile that the other one stores while it reads %s does not undo it',
    async (key) => {
      const { wx, open } = createPhone()
      const [first, second] = [open(), open()]
      first.write({ tokens, user })
      await first.settled()
      await second.read()
      first.write(signedOut)
      await first.settled()
      const { getStorage } = wx
      wx.getStorage = (options) => {
        wx.getStorage = options.key === key ? getStorage : wx.getStorage
        if (options.key === key) second.write({ tokens, user: { name: 'Ming' } }, 'a')
        getStorage(options)
      }
      expect(await second.read()).toBe(signedOut)
      await second.settled()
      expect(await open().read()).toBe(signedOut)
    },
  )

  it('where one signs in for the first time while the other one reads: that is no sign-out', async () => {
    const { wx, open } = createPhone()
    const [first, second] = [open(), open()]
    const { getStorage } = wx
    wx.getStorage = async (options) => {
      if (options.key === 'k.in') {
        wx.getStorage = getStorage
        first.write({ tokens, user })
        await first.settled()
      }
      getStorage(options)
    }
    expect(await second.read()).toBeNull()
    expect(await second.read()).toEqual({ tokens, user })
  })
  it.each<[string, StoredSession<typeof user> | null]>([
    ['a sign-in', { tokens: { ...tokens, accessToken: 'late' }, user }],
    ['nothing', null],
  ])(
    'where one stores a sign-in: %s of the other, which is based on what was there before, does not replace it',
    async (_what, late) => {
      const { open } = createPhone({ content: { tokens, user } })
      const [first, second] = [open(), open()]
      const [, base] = await second.readStored()
      first.write(other)
      await first.settled()
      second.write(late, base)
      expect(await second.read()).toEqual(other)
      expect(await open().read()).toEqual(other)
    },
  )

  it.each<[string, StoredSession<typeof user>]>([
    ['a sign-in', other],
    ['a sign-out', signedOut],
  ])(
    'where one cannot write %s: it does not replace later what the other one has stored since',
    async (_what, content) => {
      const { phone, open } = createPhone({ content: { tokens, user } })
      const [first, second] = [open(), open()]
      phone.failWrites = 99
      first.write(content)
      await first.settled()
      phone.failWrites = 0
      const newer = { tokens: { ...tokens, accessToken: 'newer' }, user }
      second.write(newer)
      await second.settled()
      expect(await first.read()).toEqual(newer)
      expect(await open().read()).toEqual(newer)
    },
  )

  it('where the person signs in again in the other one: that counts', async () => {
    const { open } = createPhone()
    const [first, second] = [open(), open()]
    first.write(signedOut)
    await first.settled()
    second.write(other)
    await second.settled()
    expect(await first.read()).toEqual(other)
  })

  it('where the identity is found unbound after a sign-out that is over: the next launch signs in', async () => {
    const { open } = createPhone()
    const storage = open()
    storage.write(signedOut)
    await storage.settled()
    storage.write(null)
    await storage.settled()
    expect(await open().read()).toBeNull()
  })
})
