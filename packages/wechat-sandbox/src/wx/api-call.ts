/** What every asynchronous API answers with when it succeeds. */
export interface ApiResult {
  errMsg: string
}

/** What `fail` and a rejected promise carry: a plain object, as on the phone, not an `Error`. */
export interface ApiFailure extends ApiResult {
  errno?: number
}

export interface ApiCallbacks<R extends ApiResult = ApiResult> {
  success?: ((result: R) => void) | undefined
  fail?: ((failure: ApiFailure) => void) | undefined
  complete?: ((result: R | ApiFailure) => void) | undefined
}

/** An API returns a promise only when it was given no callback. */
export type ApiReturn<O, R> = O extends
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
export const offlineError = (): ApiError =>
  new ApiError('net::ERR_INTERNET_DISCONNECTED', errno.network)

export function toApiFailure(api: string, error: unknown): ApiFailure {
  const message = error instanceof Error ? error.message : String(error)
  const failure: ApiFailure = { errMsg: `${api}:fail ${message}` }
  if (error instanceof ApiError && error.errno !== undefined) failure.errno = error.errno
  return failure
}

/** Throws what a caller's own callback threw where it cannot disturb the API. */
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

/** Runs an API to its end, tells the callbacks and `onCall`, and never rejects. */
export async function runApi<R extends object>(
  call: {
    api: string
    options: ApiCallbacks<R & ApiResult>
    /** What `onCall` hears instead of the options. */
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

export type CallApi = <O extends ApiCallbacks<R & ApiResult>, R extends object>(
  api: string,
  options: O | undefined,
  perform: () => R | Promise<R>,
) => ApiReturn<O, R & ApiResult>

/** Gives every API its two styles: callbacks, or a promise when there is none. */
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
    const answer = hasCallback ? undefined : outcome.then(valueOrThrow)
    return answer as ApiReturn<O, R & ApiResult>
  }
}

function valueOrThrow<R>(outcome: ApiOutcome<R>): R & ApiResult {
  if (outcome.ok) return outcome.value
  throw outcome.failure
}
