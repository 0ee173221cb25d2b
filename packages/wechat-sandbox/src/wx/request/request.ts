import type { ApiCallbacks, ApiResult, OnCall } from '../api-call.ts'
import { ApiError, callSafely, errno, offlineError, runApi } from '../api-call.ts'
import type { Foreground } from '../app/foreground.ts'
import type { Payload, PayloadOptions } from './payload.ts'
import { buildPayload } from './payload.ts'
import type { Semaphore } from './semaphore.ts'
import { createSemaphore } from './semaphore.ts'

/** The HTTP response that `wx.request` returns. */
export interface ReceivedResponse {
  /** Parsed JSON, text or an `ArrayBuffer`. */
  data: unknown
  /** The HTTP status. */
  statusCode: number
  /** Header names in the form `Content-Type`. */
  header: Record<string, string>
  /** The values of `Set-Cookie`; empty in a browser. */
  cookies: string[]
}

/** Typed by the caller, as in WeChat's own typings. */
export type RequestResult<T> = Omit<ReceivedResponse, 'data'> & ApiResult & { data: T }

/** Options of `wx.request`. */
export interface RequestOptions<T = unknown>
  extends PayloadOptions,
    ApiCallbacks<RequestResult<T>> {
  /** Milliseconds; default: 60,000. */
  timeout?: number | undefined
  /** `json` (the default) parses a body that is valid JSON; any other value keeps the text. */
  dataType?: string | undefined
  /** `arraybuffer` returns the bytes. */
  responseType?: string | undefined
}

/** Gets status and headers before the body. */
export type HeadersListener = (head: Omit<ReceivedResponse, 'data'>) => void

/** https://developers.weixin.qq.com/miniprogram/dev/api/network/request/RequestTask.html */
export interface RequestTask {
  /** Fails the request with `abort`. */
  abort(): void
  /** Calls `listener` when the headers have arrived. */
  onHeadersReceived(listener: HeadersListener): void
  /** Removes `listener`, or all listeners. */
  offHeadersReceived(listener?: HeadersListener): void
}

/** The type of `wx.request`. */
export type RequestFunction = <T = unknown>(options: RequestOptions<T>) => RequestTask

interface RequestDependencies {
  appId: string
  fetch: typeof globalThis.fetch | undefined
  onCall: OnCall | undefined
  foreground: Foreground
  isOnline: () => boolean
}

/** https://developers.weixin.qq.com/miniprogram/dev/framework/ability/network.html */
const maxConcurrent = 10
const defaultTimeout = 60_000

/** Creates `wx.request`: every HTTP status is a success; ten requests run at the same time, others queue. */
export function createRequest(dependencies: RequestDependencies): RequestFunction {
  const semaphore = createSemaphore(maxConcurrent)
  const referer = `https://servicewechat.com/${dependencies.appId}/0/page-frame.html`
  const inFlight = new Set<AbortController>()
  dependencies.foreground.onNetworkSuspend(() => {
    for (const controller of inFlight) controller.abort(interrupted())
  })

  return <T>(options: RequestOptions<T>): RequestTask => {
    const controller = new AbortController()
    const listeners = new Set<HeadersListener>()
    const perform = async (): Promise<ReceivedResponse & { data: T }> => {
      const payload = buildPayload(options, referer)
      if (dependencies.foreground.isNetworkSuspended()) throw interrupted()
      inFlight.add(controller)
      const sent = send({ options, payload, semaphore, controller, listeners, dependencies })
      const response = await sent.finally(() => inFlight.delete(controller))
      return response as ReceivedResponse & { data: T }
    }
    void runApi({ api: 'request', options, onCall: dependencies.onCall }, perform)
    return {
      abort: () => controller.abort(new ApiError('abort', errno.interrupted)),
      onHeadersReceived: (listener) => void listeners.add(listener),
      offHeadersReceived: (listener) =>
        listener ? void listeners.delete(listener) : listeners.clear(),
    }
  }
}

const interrupted = (): ApiError => new ApiError('interrupted', errno.interrupted)

interface QueuedRequest {
  options: RequestOptions<never>
  payload: Payload
  semaphore: Semaphore
  controller: AbortController
  listeners: Set<HeadersListener>
  dependencies: RequestDependencies
}

async function send(request: QueuedRequest): Promise<ReceivedResponse> {
  const { options, semaphore, controller } = request
  const { signal } = controller
  const release = await semaphore.acquire(signal)
  const limit = options.timeout !== undefined && options.timeout > 0 ? options.timeout : undefined
  const timer = setTimeout(
    () => controller.abort(new ApiError('timeout', errno.timeout)),
    limit ?? defaultTimeout,
  )
  try {
    return await Promise.race([fetchResponse(request), rejectOnAbort(signal)])
  } catch (error) {
    throw signal.aborted ? signal.reason : networkError(error)
  } finally {
    clearTimeout(timer)
    release()
  }
}

async function fetchResponse({
  options,
  payload,
  controller,
  ...rest
}: QueuedRequest): Promise<ReceivedResponse> {
  const fetch = rest.dependencies.fetch ?? globalThis.fetch
  if (!rest.dependencies.isOnline()) throw offlineError()
  const { url, method, headers, body } = payload
  const response = await fetch(url, {
    method,
    headers,
    signal: controller.signal,
    // The phone has no cookie jar.
    credentials: 'omit',
    ...(body !== undefined && { body }),
  })
  const head = headOf(response)
  for (const listener of [...rest.listeners]) callSafely(listener, head)
  if (options.responseType === 'arraybuffer') {
    return { ...head, data: await response.arrayBuffer() }
  }
  const text = await response.text()
  const parses = options.dataType === undefined || options.dataType === 'json'
  return { ...head, data: parses ? parseJsonOrText(text) : text }
}

function headOf(response: globalThis.Response): Omit<ReceivedResponse, 'data'> {
  const header: Record<string, string> = {}
  response.headers.forEach((value, name) => {
    header[toHeaderCase(name)] = value
  })
  const cookies = response.headers.getSetCookie?.() ?? []
  if (cookies.length > 0) header['Set-Cookie'] = cookies.join(',')
  return { statusCode: response.status, header, cookies }
}

/** Phones report `Content-Type` where fetch reports `content-type`; clients must accept both. */
function toHeaderCase(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
}

function parseJsonOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

function networkError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (!(error instanceof Error)) return new ApiError(String(error), errno.network)
  const cause = error.cause as { code?: unknown } | undefined
  const reason = typeof cause?.code === 'string' ? cause.code : error.message
  return new ApiError(reason, errno.network)
}
