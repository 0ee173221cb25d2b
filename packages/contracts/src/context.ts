import type { Origin, UserService } from '@mianmi/core'

/** What a procedure may know of a request: whoever serves the router makes one for each. */
export interface Context {
  readonly users: UserService
  /** From the Authorization header, unverified. */
  readonly accessToken: string | null
  readonly origin: Origin
  /** Names this request in replies to errors and in the log. */
  readonly traceId: string
}
