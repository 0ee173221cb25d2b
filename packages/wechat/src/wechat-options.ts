import { parseBaseUrl } from './base-url.ts'

/** Options of `createWechat`. Times in ms. */
export interface WechatOptions {
  /** appid → app secret, for each mini program. */
  apps: Record<string, string>
  /** Default `https://api.weixin.qq.com`. Plain http is accepted for loopback addresses only. */
  baseUrl?: string
  /**
   * Time limit for a connection, TLS included; default 1,500, at most `timeout`. undici checks this limit about
   * twice a second, so the connection may take up to a second longer.
   */
  connectTimeout?: number
  /** Time limit for a whole call, from waiting for a slot to the last byte; default 3,000. */
  timeout?: number
  /** Upper limit of a reply's body in bytes; default 64 KiB. A longer reply is cut off. */
  maxReplyBytes?: number
  /** Upper limit of requests at the same time, each on its own connection; default 128. */
  maxConcurrent?: number
  /** Upper limit of requests that wait for one of those; default 1,024. More are refused at once. */
  maxQueued?: number
  /** The circuit breaker: when to stop calling a WeChat that does not answer. */
  breaker?: {
    /** Consecutive calls without a complete answer after which it opens; default 8. */
    failures?: number
    /** Failures longer ago than this do not count; default 60,000. */
    window?: number
    /** Time until one call may try again; default 1,000. It doubles each time that call fails. */
    pause?: number
    /** Upper limit of the doubled `pause`; default 5,000. */
    maxPause?: number
  }
  /** The clock, in ms since the epoch; default `Date.now`. */
  now?: () => number
  /** Called once for each request that was sent, after it has ended. It must not throw. */
  onRequestEnd?: (outcome: RequestOutcome) => void
}

/** How one request to WeChat ended. */
export interface RequestOutcome {
  /** The app in whose name the request was sent. */
  appId: string
  /** Path of the API, such as `/sns/jscode2session`. */
  path: string
  /** 0 for success, or WeChat's error code; null when no complete and valid answer came. */
  errcode: number | null
  /** Time in ms from sending to the end. */
  durationMs: number
}

/** The checked options, with defaults filled in. Times in ms; see `WechatOptions` for each. */
export interface WechatSettings {
  /** appid → app secret. */
  apps: ReadonlyMap<string, string>
  /** Address of WeChat's server API. */
  baseUrl: URL
  /** Time limit for a connection; at most `timeout`. */
  connectTimeout: number
  /** Time limit for a whole call. */
  timeout: number
  /** Upper limit of a reply's body in bytes. */
  maxReplyBytes: number
  /** Upper limit of requests at the same time. */
  maxConcurrent: number
  /** Upper limit of requests that wait for one of those. */
  maxQueued: number
  /** The circuit breaker; `window`, `pause` and `maxPause` in ms. */
  breaker: { failures: number; window: number; pause: number; maxPause: number }
  /** The clock, in ms since the epoch. */
  now: () => number
  /** Called once for each request that was sent, after it has ended. */
  onRequestEnd: (outcome: RequestOutcome) => void
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws TypeError for an invalid option; its message never contains the value
 */
export function readWechatOptions(options: WechatOptions): WechatSettings {
  const timeout = positiveNumber('timeout', options.timeout ?? 3_000)
  const connectTimeout = positiveNumber('connectTimeout', options.connectTimeout ?? 1_500)
  const { failures = 8, window = 60_000, pause = 1_000, maxPause = 5_000 } = options.breaker ?? {}
  return {
    apps: readApps(options.apps),
    baseUrl: parseBaseUrl(options.baseUrl ?? 'https://api.weixin.qq.com'),
    timeout,
    // A connection that is established after the call's time limit is of no use.
    connectTimeout: Math.min(timeout, connectTimeout),
    maxReplyBytes: positiveNumber('maxReplyBytes', options.maxReplyBytes ?? 65_536),
    maxConcurrent: wholeNumber('maxConcurrent', options.maxConcurrent ?? 128, 1),
    maxQueued: wholeNumber('maxQueued', options.maxQueued ?? 1_024, 0),
    breaker: {
      failures: wholeNumber('breaker.failures', failures, 1),
      window: positiveNumber('breaker.window', window),
      pause: positiveNumber('breaker.pause', pause),
      maxPause: positiveNumber('breaker.maxPause', maxPause),
    },
    now: options.now ?? Date.now,
    onRequestEnd: options.onRequestEnd ?? (() => {}),
  }
}

function readApps(apps: Record<string, string>): ReadonlyMap<string, string> {
  for (const [appId, secret] of Object.entries(apps)) {
    if (appId === '' || secret === '') throw new TypeError('an app needs an appid and a secret')
  }
  // A map, so that an appid such as "constructor" is not found.
  return new Map(Object.entries(apps))
}

function positiveNumber(name: string, value: number): number {
  if (!Number.isFinite(value) || value <= 0) throw new TypeError(`${name} must be positive`)
  return value
}

function wholeNumber(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new TypeError(`${name} must be a whole number of at least ${least}`)
}
