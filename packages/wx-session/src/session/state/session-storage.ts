import { createCallWx, type SessionWx, type WxCallError } from '../call-wx.ts'
import { fieldsOf, ignore, merge } from '../fields.ts'
import { withTimeLimit } from '../time-limit.ts'
import { isTokens, type Tokens } from './session-state.ts'

/** What is stored for the next run of the app, and for other contexts with the same storage. */
export type StoredSession<U> = StoredSignIn<U> | 'signedOut'

export interface StoredSignIn<U> {
  tokens: Tokens
  user: U
}

export type SessionStorage<U> = readonly [
  /**
   * What was stored last, by this context or another one; null when there is nothing, or nothing valid.
   * Rejects with a WxCallError when storage cannot be read, which is not the same as nothing.
   */
  read: () => Promise<StoredSession<U> | null>,
  /**
   * Stores the content; null removes it. `isDecision`: the person has decided it, so it also replaces a sign-out of
   * another context.
   */
  write: (content: StoredSession<U> | null, isDecision?: boolean) => void,
  /** Resolves when the latest content is written, or writing it has failed; at the latest after `timeout`. */
  settled: () => Promise<void>,
]

export interface SessionStorageOptions<U> {
  wx: SessionWx
  storageKey: string
  /** Milliseconds for one storage call. */
  loginTimeout: number
  /** Of the stored user; content of another version is not used. */
  version?: string | number | undefined
  /** Whether a stored user can be used. */
  isUser: ((user: unknown) => user is U) | ((user: unknown) => boolean)
}

type PendingWrite<U> = readonly [
  content: StoredSession<U> | null,
  isDecision: boolean | undefined,
  /** The last sign-out that this context knew of when it wrote. */
  after: unknown,
]

/** How often a read is tried that fails. */
const readAttempts = 3

/**
 * Stores the session under `key`. Two more keys make it hold where several contexts share the storage without a lock
 * (WeChat runs the atomic APIs of a mini program in a context of its own), and where nothing can be written:
 *
 * - `key` + `.out` names the last sign-out. Content counts only when it names the same one in `after`: a context that
 *   does not know of a sign-out yet can overwrite the content, but not undo the sign-out.
 * - `key` + `.in` says that there is content. Where it stays and the content is gone, the person has signed out: full
 *   storage still allows to remove.
 */
export const createSessionStorage = <U>(options: SessionStorageOptions<U>): SessionStorage<U> => {
  const { storageKey: key } = options
  const [get, set, remove, put] = createKeyValueStorage(options)
  const outKey = `${key}.out`
  const inKey = `${key}.in`
  /** The last sign-out that this context knows of. */
  let seen: unknown
  /** What waits to be written, or could not be: then it is tried again before the next read. */
  let unsaved: PendingWrite<U> | null = null
  // One read or write at a time: wx does not guarantee that two end in the order in which they began.
  const enqueue = createQueue()

  const save = async ([content, isDecision, after]: PendingWrite<U>): Promise<unknown> => {
    if (content === 'signedOut') {
      seen = Math.random()
      const clear = () => remove(key)
      await put(outKey, seen, clear)
      return put(key, { signedOut: true }, clear)
    }
    const out = await get(outKey).catch(() => (isDecision ? remove(outKey).then(ignore) : after))
    // Another context has signed out since, and may have signed in again: its content must not be replaced by one that
    // names an earlier sign-out, because that reads as signed out.
    if (out !== after && !isDecision) return undefined
    seen = out
    // Another context must not find `inKey` alone.
    if (!content) await remove(inKey)
    await put(
      key,
      (content || seen) && merge(content, { after: seen, v: options.version }),
      async () => {
        // An older value must not be read as the newest, and not as a sign-out either.
        if (!isDecision && seen) return set(key, { after: seen })
        if (isDecision) await remove(outKey)
        await remove(inKey)
        return remove(key)
      },
    )
    return content && set(inKey, 1)
  }
  const readStored = async (): Promise<StoredSession<U> | null> => {
    const out = await get(outKey)
    const data = await get(key)
    const stored = fieldsOf(data)
    const isSignedOut = data
      ? stored['signedOut'] === true || (out && stored['after'] !== out)
      : // Read again: another context may have written it in between, and then `inKey`.
        out || ((await get(inKey)) && !(await get(key)))
    seen = out
    return isSignedOut ? 'signedOut' : parseSignIn(stored, options)
  }
  const flush = async () => {
    const write = unsaved
    if (!write) return
    try {
      await save(write)
      if (unsaved === write) unsaved = null
    } catch {
      // Tried again before the next read.
    }
  }

  const read = () =>
    enqueue(async () => {
      await flush()
      const known = seen
      const stored = unsaved ? null : await readStored()
      // It is newer than what storage holds, unless it was written without knowing of a sign-out.
      return unsaved && seen === known ? unsaved[0] : stored
    })
  const write = (content: StoredSession<U> | null, isDecision?: boolean) => {
    unsaved = [content, isDecision, seen]
    void enqueue(flush)
  }
  // Behind all that is queued.
  const settled = () =>
    withTimeLimit(() => enqueue(async () => {}), options.loginTimeout).then(ignore, ignore)
  return [read, write, settled]
}

/** Runs one job at a time, in order. A job starts at once where none runs: the app may be killed after a tap. */
const createQueue = () => {
  /** The end of the last job. */
  let last: Promise<void>
  /** How many have not ended. */
  let jobs = 0
  const end = () => {
    jobs -= 1
  }
  return <T>(job: () => Promise<T>): Promise<T> => {
    const result = jobs ? last.then(job) : job()
    jobs += 1
    last = result.then(end, end)
    return result
  }
}

/** Single values in WeChat's storage. `undefined` stands for no value; the other values are truthy. */
const createKeyValueStorage = (
  options: Pick<SessionStorageOptions<unknown>, 'wx' | 'loginTimeout'>,
) => {
  const call = createCallWx(options.wx, options.loginTimeout)
  const get = async (key: string, attempts = readAttempts): Promise<unknown> => {
    try {
      // Some platforms report a missing key as a success without data. One without an argument is none: this throws.
      return (await call('getStorage', { key })).data || undefined
    } catch (error) {
      const { message } = error as WxCallError
      // WeChat: `getStorage:fail data not found`; other platforms word it in their own way.
      if (/not (found|exist)|no (data|such)/i.test(message)) return undefined
      // A phone that does not call back has made the person wait already.
      if (attempts === 1 || /timeout/.test(message)) throw error
      return get(key, attempts - 1)
    }
  }
  const remove = (key: string): Promise<unknown> => call('removeStorage', { key })
  const set = (key: string, data: unknown): Promise<unknown> =>
    data ? call('setStorage', { key, data }) : remove(key)
  /** Writes a value. When that fails, `clear` makes room for it, and it is tried once more. */
  const put = (key: string, data: unknown, clear: () => Promise<unknown>): Promise<unknown> =>
    set(key, data).catch(() => clear().then(() => set(key, data)))
  return [get, set, remove, put] as const
}

const parseSignIn = <U>(
  { tokens, user, v }: Record<string, unknown>,
  options: Pick<SessionStorageOptions<U>, 'version' | 'isUser'>,
): StoredSignIn<U> | null => {
  const isValid = isTokens(tokens) && user !== undefined && v === options.version
  return isValid && options.isUser(user) ? { tokens, user: user as U } : null
}
