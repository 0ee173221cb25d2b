import type { Foreground } from '../app/foreground.ts'
import type { Callbacks, OnCall, Result } from '../call.ts'
import { ApiError, errno, guarded, offline, settle } from '../call.ts'
import type { Payload, PayloadOptions } from './payload.ts'
import { buildPayload } from './payload.ts'
import type { Queue } from './queue.ts'
import { createQueue } from './queue.ts'

export interface Response {
  data: unknown
  statusCode: number
  header: Record<string, string>
  cookies: string[]
}

// Not `unknown`: a caller says which data it expects, as with the phone's typings.
export type RequestResult<T> = Omit<Response, 'data'> & Result & { data: T }

export interface RequestOptions<T = unknown> extends PayloadOptions, Callbacks<RequestResult<T>> {
  /** Milliseconds; 60,000 when not given. */
  timeout?: number | undefined
  /** `json` (the default) parses what parses; anything else leaves the text alone. */
  dataType?: string | undefined
  responseType?: string | undefined
}

export type HeadersListener = (head: Omit<Response, 'data'>) => void

export interface RequestTask {
  abort(): void
  onHeadersReceived(listener: HeadersListener): void
  offHeadersReceived(listener?: HeadersListener): void
}

export type Request = <T = unknown>(options: RequestOptions<T>) => RequestTask

interface Parts {
  appId: string
  fetch: typeof globalThis.fetch | undefined
  onCall: OnCall | undefined
  foreground: Foreground
  isOnline: () => boolean
}

/** https://developers.weixin.qq.com/miniprogram/dev/framework/ability/network.html */
const concurrent = 10
const defaultTimeout = 60_000

/** `wx.request`: any HTTP status is a success; ten at once, the others wait for their turn. */
export function createRequest(parts: Parts): Request {
  const queue = createQueue(concurrent)
  const referer = `https://servicewechat.com/${parts.appId}/0/page-frame.html`
  const underWay = new Set<AbortController>()
  parts.foreground.onCutOff(() => {
    for (const controller of underWay) controller.abort(interrupted())
  })

  return <T>(options: RequestOptions<T>): RequestTask => {
    const controller = new AbortController()
    const listeners = new Set<HeadersListener>()
    const exchange = async (): Promise<Response & { data: T }> => {
      const payload = buildPayload(options, referer)
      if (parts.foreground.isCutOff()) throw interrupted()
      underWay.add(controller)
      const sent = send({ options, payload, queue, controller, listeners, parts })
      const response = await sent.finally(() => underWay.delete(controller))
      return response as Response & { data: T }
    }
    void settle({ api: 'request', options, onCall: parts.onCall }, exchange)
    return {
      abort: () => controller.abort(new ApiError('abort', errno.interrupted)),
      onHeadersReceived: (listener) => void listeners.add(listener),
      offHeadersReceived: (listener) =>
        listener ? void listeners.delete(listener) : listeners.clear(),
    }
  }
}

const interrupted = (): ApiError => new ApiError('interrupted', errno.interrupted)

interface Sending {
  options: RequestOptions<never>
  payload: Payload
  queue: Queue
  controller: AbortController
  listeners: Set<HeadersListener>
  parts: Parts
}

async function send(sending: Sending): Promise<Response> {
  const { options, queue, controller } = sending
  const { signal } = controller
  const leave = await queue.enter(signal)
  const limit = options.timeout !== undefined && options.timeout > 0 ? options.timeout : undefined
  const timer = setTimeout(
    () => controller.abort(new ApiError('timeout', errno.timeout)),
    limit ?? defaultTimeout,
  )
  try {
    return await Promise.race([exchange(sending), rejection(signal)])
  } catch (error) {
    throw signal.aborted ? signal.reason : networkError(error)
  } finally {
    clearTimeout(timer)
    leave()
  }
}

async function exchange({ options, payload, controller, ...rest }: Sending): Promise<Response> {
  const fetch = rest.parts.fetch ?? globalThis.fetch
  if (!rest.parts.isOnline()) throw offline()
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
  for (const listener of [...rest.listeners]) guarded(listener, head)
  if (options.responseType === 'arraybuffer') {
    return { ...head, data: await response.arrayBuffer() }
  }
  const text = await response.text()
  const parses = options.dataType === undefined || options.dataType === 'json'
  return { ...head, data: parses ? parsed(text) : text }
}

function headOf(response: globalThis.Response): Omit<Response, 'data'> {
  const header: Record<string, string> = {}
  response.headers.forEach((value, name) => {
    header[wireCase(name)] = value
  })
  const cookies = response.headers.getSetCookie?.() ?? []
  if (cookies.length > 0) header['Set-Cookie'] = cookies.join(',')
  return { statusCode: response.status, header, cookies }
}

/** Phones show `Content-Type` where fetch shows `content-type`; neither may be counted on. */
function wireCase(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function rejection(signal: AbortSignal): Promise<never> {
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
