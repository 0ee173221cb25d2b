/** What every asynchronous API answers with when it succeeds. */
export interface Result {
  errMsg: string
}

/** What `fail` and a rejected promise carry: a plain object, as on the phone, not an `Error`. */
export interface Failure extends Result {
  errno?: number
}

export interface Callbacks<R extends Result = Result> {
  success?: ((result: R) => void) | undefined
  fail?: ((failure: Failure) => void) | undefined
  complete?: ((result: R | Failure) => void) | undefined
}

/** An API returns a promise only when it was given no callback. */
export type Answer<O, R> = O extends
  | { success: unknown }
  | { fail: unknown }
  | { complete: unknown }
  ? undefined
  : Promise<R>

/** One finished call. Nothing is masked: `Authorization` headers and codes are in it as sent. */
export interface CallRecord {
  api: string
  /** Milliseconds since the epoch. */
  startedAt: number
  endedAt: number
  input: unknown
  ok: boolean
  output: unknown
}

export type OnCall = (record: CallRecord) => void

/** Why an API fails: the message is what follows `api:fail `. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly errno: number | undefined

  constructor(message: string, errno?: number) {
    super(message)
    this.errno = errno
  }
}

/**
 * Numbers from WeChat's list of general and network errors,
 * https://developers.weixin.qq.com/miniprogram/dev/framework/usability/PublicErrno.html
 */
export const errno = {
  timeout: 5,
  denied: 103,
  privacyNotAgreed: 104,
  privacyUndeclared: 112,
  network: 600001,
  interrupted: 600003,
  invalidUrl: 600009,
  noSuchFile: 1300002,
} as const

/** What every call of the network says without one. */
export const offline = (): ApiError => new ApiError('net::ERR_INTERNET_DISCONNECTED', errno.network)

export function failureOf(api: string, error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error)
  const failure: Failure = { errMsg: `${api}:fail ${message}` }
  if (error instanceof ApiError && error.errno !== undefined) failure.errno = error.errno
  return failure
}

/** Throws what a caller's own callback threw where it cannot disturb the API. */
export function guarded<T>(callback: ((value: T) => void) | undefined, value: T): void {
  if (typeof callback !== 'function') return
  try {
    callback(value)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}

function withoutFunctions(options: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => typeof value !== 'function'),
  )
}

type Settled<R> = { ok: true; value: R & Result } | { ok: false; failure: Failure }

/** Runs an API to its end, tells the callbacks and `onCall`, and never rejects. */
export async function settle<R extends object>(
  call: {
    api: string
    options: Callbacks<R & Result>
    /** What `onCall` hears instead of the options. */
    input?: object
    onCall: OnCall | undefined
  },
  perform: () => R | Promise<R>,
): Promise<Settled<R>> {
  const { api, options, onCall } = call
  const startedAt = Date.now()
  const input = withoutFunctions(call.input ?? options)
  let settled: Settled<R>
  try {
    await Promise.resolve()
    settled = { ok: true, value: { ...(await perform()), errMsg: `${api}:ok` } }
  } catch (error) {
    settled = { ok: false, failure: failureOf(api, error) }
  }
  const output = settled.ok ? settled.value : settled.failure
  guarded(onCall, { api, startedAt, endedAt: Date.now(), input, ok: settled.ok, output })
  if (settled.ok) guarded(options.success, settled.value)
  else guarded(options.fail, settled.failure)
  guarded(options.complete, output)
  return settled
}

export type Call = <O extends Callbacks<R & Result>, R extends object>(
  api: string,
  options: O | undefined,
  perform: () => R | Promise<R>,
) => Answer<O, R & Result>

/** Gives every API its two styles: callbacks, or a promise when there is none. */
export function createCall(onCall: OnCall | undefined): Call {
  return <O extends Callbacks<R & Result>, R extends object>(
    api: string,
    options: O | undefined,
    perform: () => R | Promise<R>,
  ): Answer<O, R & Result> => {
    const callbacks: Callbacks<R & Result> = options ?? {}
    const settled = settle({ api, options: callbacks, onCall }, perform)
    const { success, fail, complete } = callbacks
    const hasCallback = [success, fail, complete].some((each) => typeof each === 'function')
    const answer = hasCallback ? undefined : settled.then(valueOrThrow)
    return answer as Answer<O, R & Result>
  }
}

function valueOrThrow<R>(settled: Settled<R>): R & Result {
  if (settled.ok) return settled.value
  throw settled.failure
}
