import type { ApiCallbacks, ApiResult, OnCall } from '../api-call.ts'
import { ApiError, callSafely, errno, offlineError, runApi } from '../api-call.ts'
import type { Foreground } from '../app/foreground.ts'
import type { Payload, PayloadOptions } from './payload.ts'
import { buildPayload } from './payload.ts'
import type { Semaphore } from './semaphore.ts'
import { createSemaphore } from './semaphore.ts'

export interface ReceivedResponse {
  data: unknown
  statusCode: number
  header: Record<string, string>
  cookies: string[]
}

// Not `unknown`: a caller says which data it expects, as with the phone's typings.
export type RequestResult<T> = Omit<ReceivedResponse, 'data'> & ApiResult & { data: T }

export interface RequestOptions<T = unknown>
  extends PayloadOptions,
    ApiCallbacks<RequestResult<T>> {
  /** Milliseconds; 60,000 when not given. */
  timeout?: number | undefined
  /** `json` (the default) parses what parses; anything else leaves the text alone. */
  dataType?: string | undefined
  responseType?: string | undefined
}

export type HeadersListener = (head: Omit<ReceivedResponse, 'data'>) => void

export interface RequestTask {
  abort(): void
  onHeadersReceived(listener: HeadersListener): void
  offHeadersReceived(listener?: HeadersListener): void
}

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

/** `wx.request`: any HTTP status is a success; ten at once, the others wait for their turn. */
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
    // The phone keeps no cookies.
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

/** Phones show `Content-Type` where fetch shows `content-type`; neither may be counted on. */
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
