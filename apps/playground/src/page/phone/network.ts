import type { NetworkType } from '@mianmi/wechat-sandbox/wx'
import { networkFailureHeader } from '../../server/network-failure-header.ts'
import { createTokenExpiry } from './token-expiry.ts'

export interface Network {
  fetch: typeof globalThis.fetch
  type(): NetworkType
  isOnline(): boolean
  /** Going offline breaks what is under way. */
  setOnline(isOnline: boolean): void
  isSlow(): boolean
  /** A slow network takes three seconds to get a request on its way. */
  setSlow(isSlow: boolean): void
  /** Tells of each change of `type`. */
  watch(listener: () => void): void
  /** The service takes the tokens of now for expired. */
  expireTokens(): void
}

export interface NetworkOptions {
  /** The service's base address in the mini program's own code. */
  builtServiceUrl: string
  /** The page's own origin, whose proxy leads to the service and to the sandbox. */
  origin: string
  fetch?: typeof globalThis.fetch
}

const slowDelay = 3_000

/** The phone's way out: to the service and to WeChat through this page's proxy, and nowhere else. */
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
