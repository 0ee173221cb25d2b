import type { Desk, Login, Origin } from '@mianmi/core'

/** What a procedure may know of a request: whoever serves the router makes one for each. */
export interface Context {
  readonly login: Login
  /** From the Authorization header, unverified. */
  readonly accessToken: string | null
  readonly origin: Origin
  /** Names this request in replies to errors and in the log. */
  readonly traceId: string
  /** Null where no console is served. */
  readonly console: Console | null
}

/** The operators' side of a request. */
export interface Console {
  readonly desk: Desk
  /** Whether a page of another origin sent the request, or nobody knows which did: it is refused. */
  readonly foreign: boolean
  /** From the console's cookie, unverified. */
  readonly token: string | null
  /** Sets the cookie with the reply, or takes it away. */
  readonly keep: (token: string | null) => void
}
