import type { Login } from '@mianmi/core'

/** What a procedure may know of a request: whoever serves the router makes one for each. */
export interface Context {
  readonly login: Login
  /** From the Authorization header, unverified. */
  readonly accessToken: string | null
  /** What the caller says it runs on; shown to the user in the list of sessions. */
  readonly device: string | null
  /** Names this request in replies to errors and in the log. */
  readonly traceId: string
}
