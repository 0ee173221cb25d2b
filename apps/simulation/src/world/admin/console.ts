/** How a call of the console ended. */
export type ConsoleResult =
  | { readonly data: unknown }
  | { readonly reason: string }
  | { readonly lost: true }

/** The admin console in a browser, and the administrator who uses it. */
export interface Console {
  /** Calls a procedure of the admin router as the administrator, who signs in first where that is needed. */
  call(path: string, input?: unknown): Promise<ConsoleResult>
}
