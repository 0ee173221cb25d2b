import { callWx, type SessionWx, type WxCallError, type WxCallOptions } from '../call-wx.ts'
import { fieldsOf, ignore, merge } from '../fields.ts'
import { withTimeLimit } from '../time-limit.ts'
import { isTokens, signedOut, type Tokens } from './session-state.ts'

/** What is stored for the next run of the app, and for other contexts with the same storage. */
export type StoredSession<U> = StoredSignIn<U> | typeof signedOut

export interface StoredSignIn<U> {
  tokens: Tokens
  user: U
}

/** Tells one stored value from another: the access token of a sign-in, a number for a sign-out, '' for nothing. */
export type Mark = string | number

/**
 * What is stored, and its mark; null when there is nothing, or nothing valid.
 *
 * @param bases of what waits to be written: the marks of what it may replace; without them it may replace anything
 * @param storedAt milliseconds since 1970, by the phone's clock
 */
export type Stored<U> = readonly [
  content: StoredSession<U> | null,
  mark: Mark,
  bases?: Mark[] | false | undefined,
  storedAt?: number,
]

export type SessionStorage<U> = readonly [
  /**
   * What was stored last, by this context or another one.
   * Rejects with a WxCallError when storage cannot be read, which is not the same as nothing.
   */
  read: () => Promise<Stored<U>>,
  /**
   * Stores the content; null removes it.
   *
   * @param base the mark of what the content is based on: it replaces nothing else. Without it the person has decided
   * the content, and it replaces anything.
   */
  write: (content: StoredSession<U> | null, base?: Mark) => void,
  /** Resolves when the latest content is written, or writing it has failed; at the latest after `timeout`. */
  settled: () => Promise<void>,
  /** The mark of what storage holds; undefined where it cannot be read. */
  readMark: () => Promise<Mark | undefined>,
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
  now(): number
}

type PendingWrite<U> = [...content: Stored<U>]

/** The mark of a sign-in with these tokens. */
export const markOf = (tokens: unknown): string =>
  (fieldsOf(tokens)['accessToken'] as string | undefined) || ''

const isBasedOn = ([, , bases]: PendingWrite<unknown>, [, mark]: Stored<unknown>): boolean =>
  !bases || bases.includes(mark)

const missingValue =
  /\b(data|key|item|value) ((is |does )?not (found|exist)|is (null|empty))|no (such )?(data|key|item|value)\b|数据不存在/i

/** How often a read is tried that fails. */
const readAttempts = 3

/**
 * Stores the session under `key`. Three more keys make it hold where several contexts share the storage without a lock
 * (WeChat runs the atomic APIs of a mini program in a context of its own), and where nothing can be written:
 *
 * - `key` + `.out` names the last sign-out. Content counts only when it names the same one in `after`: a context that
 *   does not know of a sign-out yet can overwrite the content, but not undo the sign-out.
 * - `key` + `.in` says that there was content. Where it stays, and the content and `.on` are gone, the person has signed
 *   out: full storage still allows to remove. Where the content alone is gone, a newer one could not be written.
 */
export const createSessionStorage = <U>(options: SessionStorageOptions<U>): SessionStorage<U> => {
  const { storageKey: key } = options
  const [get, set, put] = createKeyValueStorage(options)
  const outKey = `${key}.out`
  const inKey = `${key}.in`
  const onKey = `${key}.on`
  /** The last sign-out that this context knows of. */
  let seen: number | undefined
  /** What waits to be written, or could not be: then it is tried again before the next read, and once after a while. */
  let unsaved: PendingWrite<U> | null = null
  /** The end of the last read or write. */
  let last: Promise<void>
  /** How many have not ended. */
  let jobs = 0
  const endJob = () => {
    jobs -= 1
  }
  // One read or write at a time: wx does not guarantee that two end in the order in which they began. A job starts at
  // once where none runs: the app may be killed after a tap.
  const enqueue = <T>(job: () => Promise<T>): Promise<T> => {
    const result = jobs ? last.then(job) : job()
    jobs += 1
    last = result.then(endJob, endJob)
    return result
  }

  const save = async (pending: PendingWrite<U>): Promise<unknown> => {
    const [content, mark, isResult] = pending
    // What another context has stored since is newer than a result that is based on something else.
    if (isResult && !isBasedOn(pending, await readStored())) return undefined
    if (content === signedOut) {
      const clear = () => set(onKey).then(() => set(key))
      await put(outKey, mark, clear)
      return put(key, { signedOut: true }, clear)
    }
    if (!isResult) seen = numberOf(await get(outKey).catch(() => set(outKey)))
    // Another context must not find `inKey` alone.
    if (!content) await set(inKey).then(() => set(onKey))
    await put(
      key,
      (content || seen) && merge(content, { after: seen, v: options.version, at: options.now() }),
      async () => {
        // An older value must not be read as the newest, and not as a sign-out either.
        if (isResult && seen && (await set(key, { after: seen }).then(() => true, ignore))) return
        await set(outKey)
        if (!(await get(onKey))) await set(inKey)
        return set(key)
      },
    )
    return content && set(onKey, 1).then(() => set(inKey, 1))
  }
  const readStored = async (): Promise<Stored<U>> => {
    const out = numberOf(await get(outKey))
    const data = await get(key)
    const { signedOut: isOut, after, tokens, user, v, at } = fieldsOf(data)
    seen = out
    const isSignedOut = data
      ? isOut === true || (out && after !== out)
      : // Read again: another context may have written it in between, and then `inKey`.
        out || ((await get(inKey)) && !(await get(onKey)) && !(await get(key)))
    if (isSignedOut) return [signedOut, out || 1]
    const isValid = isTokens(tokens) && user !== undefined && v === options.version
    const content = isValid && options.isUser(user) ? { tokens, user: user as U } : null
    return [content, markOf(tokens), false, at as number]
  }
  const flush = async () => {
    const write = unsaved
    if (!write) return
    try {
      await save(write)
      if (unsaved === write) unsaved = null
    } catch {
      const addBase = ([, mark]: Stored<U>) => {
        write[2] = write[2] || []
        write[2].push(mark)
      }
      // What another context stores until it is tried again is newer.
      await readStored().then(addBase, ignore)
    }
  }

  const read = () =>
    enqueue(async () => {
      await flush()
      const stored = unsaved || (await readStored())
      // It is newer than what storage holds, unless it is based on something else.
      return unsaved && isBasedOn(unsaved, stored) ? unsaved : stored
    })
  const write = (content: StoredSession<U> | null, base?: Mark) => {
    // What it is based on may not have been written yet. Then both have one list: what is added to it is for both.
    const former = base !== undefined && []
    const bases = unsaved && unsaved[1] === base ? unsaved[2] : former
    if (bases) bases.push(base as Mark)
    const mark = content === signedOut ? Math.random() : markOf(fieldsOf(content)['tokens'])
    unsaved = [content, mark, bases]
    // Once more where no read follows: storage may fail for a moment, and then the person closes the app.
    const retry = () => unsaved && setTimeout(() => enqueue(flush), options.loginTimeout)
    void enqueue(flush).then(retry)
  }
  // Behind all that is queued.
  const settled = () =>
    withTimeLimit(() => enqueue(async () => {}), options.loginTimeout).catch(ignore)
  const readMark = () => enqueue(readStored).then(([, mark]) => mark, ignore as () => undefined)
  return [read, write, settled, readMark]
}

/** The name of a sign-out. Anything else than a number was not written here. */
const numberOf = (value: unknown): number | undefined => Number(value) || undefined

/** A phone that does not call back has made the person wait already: nothing else is tried. */
const isTimeout = (error: unknown): boolean => /timeout/.test((error as WxCallError).message)

/** Single values in WeChat's storage. A falsy value stands for none. */
const createKeyValueStorage = (
  options: Pick<SessionStorageOptions<unknown>, 'wx' | 'loginTimeout'>,
) => {
  /** The APIs that did not call back the last time. The person has waited for them already: no call waits long then. */
  let silent: string[] = []
  const call = <A extends 'getStorage' | 'setStorage' | 'removeStorage'>(
    api: A,
    values: WxCallOptions<A>,
  ) => {
    const limit = options.loginTimeout / (silent.length ? 10 : 1)
    silent = silent.filter((other) => other !== api)
    return callWx(options.wx, limit, api, values).catch((error) => {
      if (isTimeout(error)) silent.push(api)
      throw error
    })
  }
  const get = async (key: string, attempts = readAttempts): Promise<unknown> => {
    try {
      // Some platforms report a missing key as a success without data. One without an argument is none: this throws.
      return (await call('getStorage', { key })).data
    } catch (error) {
      // WeChat: `getStorage:fail data not found`; other platforms may word it in their own way. What is missing is the
      // value: not the database, a file or the API.
      if (missingValue.test((error as WxCallError).message)) return undefined
      if (attempts === 1 || isTimeout(error)) throw error
      return get(key, attempts - 1)
    }
  }
  /** Without data the value is removed. */
  const set = (key: string, data?: unknown): Promise<unknown> =>
    data ? call('setStorage', { key, data }) : call('removeStorage', { key })
  /** Writes a value. When that fails, `clear` makes room for it, and it is tried once more. */
  const put = (key: string, data: unknown, clear: () => Promise<unknown>): Promise<unknown> =>
    set(key, data).catch(() => clear().then(() => set(key, data)))
  return [get, set, put] as const
}
