import type { Origin, UserService } from '@mianmi/core'

/** What a procedure may know of a request. The HTTP layer creates one for each request. */
export interface Context {
  readonly users: UserService
  /** From the Authorization header, unverified. */
  readonly accessToken: string | null
  readonly origin: Origin
  /** Identifies the request in error replies and in the log. */
  readonly traceId: string
}
