/** How a call of the console ended. */
export type ConsoleResult =
  | { readonly data: unknown }
  | { readonly reason: string }
  | { readonly lost: true }

/** What a browser keeps. */
export interface Browser {
  token: string | null
  browserToken: string | null
}

export interface ConsoleCall {
  /** Of the admin router. */
  readonly path: string
  readonly input?: unknown
  /** An access token of a mini program that is sent along. */
  readonly accessToken?: string | null
}

/** The admin console in a browser, and the administrator who uses it. */
export interface Console {
  /** Calls a procedure of the admin router as the administrator, who signs in first where that is needed. */
  call(path: string, input?: unknown): Promise<ConsoleResult>
  /** A code of the administrator's authenticator app; null before it is enrolled. */
  freshCode(): Promise<string | null>
  /** Calls a procedure from any browser, at a node that lives. */
  callFrom(browser: Browser, call: ConsoleCall): Promise<ConsoleResult>
}
