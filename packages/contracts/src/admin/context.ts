import type { Origin, UserService } from '@mianmi/core'
import type { AdminService } from '@mianmi/core/admin'

/** What a procedure of the admin router may know of a request. The HTTP layer creates one for each request. */
export interface AdminContext {
  readonly admin: AdminService
  /**
   * Finds the user of a mini program's access token. The admin router refuses such tokens; the user is looked up
   * so that the refusal is audited under their id.
   */
  readonly authenticateUser: UserService['authenticate']
  /** From the Authorization header, unverified. */
  readonly accessToken: string | null
  readonly origin: Origin
  /** Names this request in replies to errors and in the log. */
  readonly traceId: string
  /** Whether a page of another origin sent the request, or its origin is unknown: every procedure refuses it. */
  readonly crossOrigin: boolean
  /** From the console's cookie, unverified. */
  readonly token: string | null
  /** Sets the console's cookie with the reply; null removes it. */
  readonly setToken: (token: string | null) => void
  /** From the cookie of a browser in which an administrator has signed in before, unverified. It proves nothing. */
  readonly browserToken: string | null
  /** Sets that cookie with the reply. */
  readonly setBrowserToken: (token: string) => void
}
