import { networkFailureHeader } from '../../server/network-failure.ts'

export interface Network {
  fetch: typeof globalThis.fetch
  isOnline(): boolean
  /** Going offline breaks what is under way. */
  setOnline(isOnline: boolean): void
}

export interface NetworkOptions {
  /** The service's base address in the mini program's own code. */
  builtFor: string
  /** The page's own origin, whose proxy leads to the service and to the sandbox. */
  origin: string
  fetch?: typeof globalThis.fetch
}

/** The phone's way out: to the service and to WeChat through this page's proxy, and nowhere else. */
export function createNetwork({ builtFor, origin, ...rest }: NetworkOptions): Network {
  let outage = new AbortController()

  const route = (url: string): string => {
    if (url === builtFor || url.startsWith(`${builtFor}/`)) {
      return `${origin}/service${url.slice(builtFor.length)}`
    }
    if (url.startsWith(`${origin}/wechat/`)) return url
    throw new TypeError('url not in domain list')
  }

  return {
    async fetch(input, init) {
      const address = route(input instanceof Request ? input.url : String(input))
      if (outage.signal.aborted) throw outage.signal.reason
      const signals = [outage.signal, ...(init?.signal ? [init.signal] : [])]
      const send = rest.fetch ?? globalThis.fetch
      const response = await send(address, { ...init, signal: AbortSignal.any(signals) })
      const failure = response.headers.get(networkFailureHeader)
      if (failure !== null) throw new TypeError(`connect ${failure}`)
      return response
    },
    isOnline: () => !outage.signal.aborted,
    setOnline(isOnline) {
      if (isOnline) outage = new AbortController()
      else outage.abort(new TypeError('net::ERR_INTERNET_DISCONNECTED'))
    },
  }
}
