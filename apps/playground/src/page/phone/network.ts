import type { NetworkType } from '@mianmi/wechat-sandbox/wx'
import { networkFailureHeader } from '../../server/network-failure-header.ts'
import { createTokenExpiry } from './token-expiry.ts'

/** The simulated network of the phone. */
export interface Network {
  /** Sends requests to the service and to the sandbox; fails while the network is off. */
  fetch: typeof globalThis.fetch
  /** `wifi`, `2g` while it is slow, `none` while it is off. */
  type(): NetworkType
  /** Whether the network is on. */
  isOnline(): boolean
  /** Switching the network off fails requests in flight. */
  setOnline(isOnline: boolean): void
  /** Whether the network is slow. */
  isSlow(): boolean
  /** A slow network delays each request by three seconds. */
  setSlow(isSlow: boolean): void
  /** Calls `listener` after each change of `type`. */
  watch(listener: () => void): void
  /** Makes the service reject the access tokens issued so far. */
  expireTokens(): void
}

/** Options of {@link createNetwork}. */
export interface NetworkOptions {
  /** The address of the service that the mini program was built with. */
  builtServiceUrl: string
  /** The origin of the page, whose server forwards to the service and to the sandbox. */
  origin: string
  /** Default: the global `fetch`. */
  fetch?: typeof globalThis.fetch
}

const slowDelay = 3_000

/** Creates the network: requests reach the service and WeChat through the page's proxy, and no other server. */
export function createNetwork({ builtServiceUrl, origin, ...rest }: NetworkOptions): Network {
  const listeners = new Set<() => void>()
  const expiry = createTokenExpiry()
  let outage = new AbortController()
  let isSlow = false

  const route = (url: string): string => {
    if (url === builtServiceUrl || url.startsWith(`${builtServiceUrl}/`)) {
      return `${origin}/service${url.slice(builtServiceUrl.length)}`
    }
    if (url.startsWith(`${origin}/wechat/`)) return url
    throw new TypeError('url not in domain list')
  }
  const changed = (): void => {
    for (const listener of listeners) listener()
  }

  return {
    async fetch(input, init) {
      const address = route(input instanceof Request ? input.url : String(input))
      if (outage.signal.aborted) throw outage.signal.reason
      const signals = [outage.signal, ...(init?.signal ? [init.signal] : [])]
      const signal = AbortSignal.any(signals)
      if (isSlow) await pause(slowDelay, signal)
      const send = rest.fetch ?? globalThis.fetch
      const headers = new Headers(init?.headers)
      const authorization = headers.get('authorization')
      if (authorization) headers.set('authorization', expiry.outgoing(authorization))
      const response = await send(address, { ...init, headers, signal })
      const failure = response.headers.get(networkFailureHeader)
      if (failure !== null) throw new TypeError(`connect ${failure}`)
      return response
    },
    type: () => (outage.signal.aborted ? 'none' : isSlow ? '2g' : 'wifi'),
    isOnline: () => !outage.signal.aborted,
    setOnline(isOnline) {
      if (isOnline) outage = new AbortController()
      else outage.abort(new TypeError('net::ERR_INTERNET_DISCONNECTED'))
      changed()
    },
    isSlow: () => isSlow,
    setSlow(slow) {
      isSlow = slow
      changed()
    },
    watch: (listener) => void listeners.add(listener),
    expireTokens: () => expiry.expire(),
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}
