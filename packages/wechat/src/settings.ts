import { parseBaseUrl } from './transport/base-url.ts'

/** Times in ms. */
export interface WechatOptions {
  /** appid → secret */
  apps: Record<string, string>
  /** Default `https://api.weixin.qq.com`. Plain http only for loopback addresses. */
  baseUrl?: string
  /**
   * Until a connection must stand, TLS included; default 1,500, at most `timeout`. undici looks
   * at this clock about twice a second, so it may take up to a second longer.
   */
  connectTimeout?: number
  /** For a whole call, from waiting for its turn to the last byte; default 3,000 */
  timeout?: number
  /** A longer reply is cut off; default 64 KiB */
  maxReplyBytes?: number
  /** Requests at once, each on a connection of its own; default 128 */
  maxConcurrent?: number
  /** Requests that may wait for one of those; default 1,024. More are refused at once. */
  maxQueued?: number
  /** When to stop asking a WeChat that does not answer. */
  breaker?: {
    /** Calls in a row that got no whole answer; default 8 */
    failures?: number
    /** Failures longer ago than this do not count; default 60,000 */
    window?: number
    /** Until one call may try again; default 1,000, doubled each time that fails … */
    pause?: number
    /** … up to this; default 5,000 */
    maxPause?: number
  }
  /** The clock, since the epoch; default `Date.now` */
  now?: () => number
  /** Told of every request that was sent, once it is over; must not throw. */
  onAnswer?: (answer: Answer) => void
}

/** How a request to WeChat ended. */
export interface Answer {
  appId: string
  /** The API, such as `/sns/jscode2session`. */
  path: string
  /** 0 for success, or what WeChat refused with; null where no whole answer came. */
  errcode: number | null
  durationMs: number
}

export interface Settings {
  apps: ReadonlyMap<string, string>
  baseUrl: URL
  connectTimeout: number
  timeout: number
  maxReplyBytes: number
  maxConcurrent: number
  maxQueued: number
  breaker: { failures: number; window: number; pause: number; maxPause: number }
  now: () => number
  onAnswer: (answer: Answer) => void
}

/** @throws TypeError where an option makes no sense; no value is ever repeated in it. */
export function readOptions(options: WechatOptions): Settings {
  const timeout = positive('timeout', options.timeout ?? 3_000)
  const { failures = 8, window = 60_000, pause = 1_000, maxPause = 5_000 } = options.breaker ?? {}
  return {
    apps: parseApps(options.apps),
    baseUrl: parseBaseUrl(options.baseUrl ?? 'https://api.weixin.qq.com'),
    timeout,
    // A connection that comes later than the call's end would serve nobody.
    connectTimeout: Math.min(timeout, positive('connectTimeout', options.connectTimeout ?? 1_500)),
    maxReplyBytes: positive('maxReplyBytes', options.maxReplyBytes ?? 65_536),
    maxConcurrent: count('maxConcurrent', options.maxConcurrent ?? 128, 1),
    maxQueued: count('maxQueued', options.maxQueued ?? 1_024, 0),
    breaker: {
      failures: count('breaker.failures', failures, 1),
      window: positive('breaker.window', window),
      pause: positive('breaker.pause', pause),
      maxPause: positive('breaker.maxPause', maxPause),
    },
    now: options.now ?? Date.now,
    onAnswer: options.onAnswer ?? (() => {}),
  }
}

function parseApps(apps: Record<string, string>): ReadonlyMap<string, string> {
  for (const [appId, secret] of Object.entries(apps)) {
    if (appId === '' || secret === '') throw new TypeError('an app needs an appid and a secret')
  }
  // A map, so that an appid such as "constructor" finds nothing.
  return new Map(Object.entries(apps))
}

function positive(name: string, value: number): number {
  if (!Number.isFinite(value) || value <= 0) throw new TypeError(`${name} must be positive`)
  return value
}

function count(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new TypeError(`${name} must be a whole number of at least ${least}`)
}
