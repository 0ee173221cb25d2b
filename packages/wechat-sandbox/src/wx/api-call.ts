/** The result of every asynchronous API that succeeds. */
export interface ApiResult {
  /** `API:ok`, or `API:fail REASON`. */
  errMsg: string
}

/** What `fail` gets and a promise rejects with: a plain object, as on the phone, not an `Error`. */
export interface ApiFailure extends ApiResult {
  /** WeChat's error number, where it documents one. */
  errno?: number
}

/** The callbacks that every asynchronous API takes. */
export interface ApiCallbacks<R extends ApiResult = ApiResult> {
  /** Called when the API succeeds. */
  success?: ((result: R) => void) | undefined
  /** Called when the API fails. */
  fail?: ((failure: ApiFailure) => void) | undefined
  /** Called last in both cases. */
  complete?: ((result: R | ApiFailure) => void) | undefined
}

/** An API returns a promise only when the options contain no callback. */
export type ApiReturn<O, R> = O extends
  | { success: unknown }
  | { fail: unknown }
  | { complete: unknown }
  ? undefined
  : Promise<R>

/** One finished call. Nothing is masked: it contains `Authorization` headers and codes as sent. */
export interface CallRecord {
  /** The name of the API, without `wx.`. */
  api: string
  /** Milliseconds since the epoch. */
  startedAt: number
  /** Milliseconds since the epoch. */
  endedAt: number
  /** The options without callbacks. */
  input: unknown
  /** Whether the call succeeded. */
  ok: boolean
  /** The result, or the failure. */
  output: unknown
}

/** Gets every finished call. */
export type OnCall = (record: CallRecord) => void

/** Makes an API fail: the message is the part of `errMsg` after `API:fail `. */
export class ApiError extends Error {
  override name = 'ApiError'
  /** WeChat's error number, where it documents one. */
  readonly errno: number | undefined

  constructor(message: string, errno?: number) {
    super(message)
    this.errno = errno
  }
}

/**
 * Error numbers from WeChat's list of general and network errors.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/usability/PublicErrno.html
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

/** The failure of every network API while there is no network. */
export const offlineError = (): ApiError =>
  new ApiError('net::ERR_INTERNET_DISCONNECTED', errno.network)

/** Builds what `fail` gets from an error. */
export function toApiFailure(api: string, error: unknown): ApiFailure {
  const message = error instanceof Error ? error.message : String(error)
  const failure: ApiFailure = { errMsg: `${api}:fail ${message}` }
  if (error instanceof ApiError && error.errno !== undefined) failure.errno = error.errno
  return failure
}

/** Calls a callback; what it throws is rethrown in a microtask, so it cannot change the API's result. */
export function callSafely<T>(callback: ((value: T) => void) | undefined, value: T): void {
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

type ApiOutcome<R> = { ok: true; value: R & ApiResult } | { ok: false; failure: ApiFailure }

/** Runs an API, calls `onCall` and the callbacks, and resolves with the outcome; never rejects. */
export async function runApi<R extends object>(
  call: {
    api: string
    options: ApiCallbacks<R & ApiResult>
    /** What `onCall` gets as input; default: the options. */
    input?: object
    onCall: OnCall | undefined
  },
  perform: () => R | Promise<R>,
): Promise<ApiOutcome<R>> {
  const { api, options, onCall } = call
  const startedAt = Date.now()
  const input = withoutFunctions(call.input ?? options)
  let outcome: ApiOutcome<R>
  try {
    await Promise.resolve()
    outcome = { ok: true, value: { ...(await perform()), errMsg: `${api}:ok` } }
  } catch (error) {
    outcome = { ok: false, failure: toApiFailure(api, error) }
  }
  const output = outcome.ok ? outcome.value : outcome.failure
  callSafely(onCall, { api, startedAt, endedAt: Date.now(), input, ok: outcome.ok, output })
  if (outcome.ok) callSafely(options.success, outcome.value)
  else callSafely(options.fail, outcome.failure)
  callSafely(options.complete, output)
  return outcome
}

/** Runs an API in the style that its options ask for. */
export type CallApi = <O extends ApiCallbacks<R & ApiResult>, R extends object>(
  api: string,
  options: O | undefined,
  perform: () => R | Promise<R>,
) => ApiReturn<O, R & ApiResult>

/** Implements the two styles of every API: callbacks, or a promise when there are none. */
export function createCallApi(onCall: OnCall | undefined): CallApi {
  return <O extends ApiCallbacks<R & ApiResult>, R extends object>(
    api: string,
    options: O | undefined,
    perform: () => R | Promise<R>,
  ): ApiReturn<O, R & ApiResult> => {
    const callbacks: ApiCallbacks<R & ApiResult> = options ?? {}
    const outcome = runApi({ api, options: callbacks, onCall }, perform)
    const { success, fail, complete } = callbacks
    const hasCallback = [success, fail, complete].some((each) => typeof each === 'function')
    const returned = hasCallback ? undefined : outcome.then(valueOrThrow)
    return returned as ApiReturn<O, R & ApiResult>
  }
}

function valueOrThrow<R>(outcome: ApiOutcome<R>): R & ApiResult {
  if (outcome.ok) return outcome.value
  throw outcome.failure
}
