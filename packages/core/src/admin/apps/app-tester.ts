/** A configured app. */
export interface NamedApp {
  readonly appId: string
  /** What administrators call it; null where the configuration gives it no name. */
  readonly name: string | null
}

export interface AppState {
  readonly appId: string
  readonly identities: number
  readonly signInsToday: number
  readonly lastSignInAt: number | null
}

export interface AppFinding {
  readonly finding:
    | 'ok'
    | 'appid_rejected'
    | 'secret_rejected'
    | 'address_not_allowed'
    | 'quota_used_up'
    | 'busy'
    | 'unreachable'
    | 'unexpected'
  readonly errcode: number | null
  /**
   * The address of this service as WeChat saw it, to be put on the app's allow-list; null where WeChat did not
   * say.
   */
  readonly address: string | null
  readonly durationMs: number
}

export interface AppTester {
  /** Asks WeChat for an access token of the app, without using a cached one and without invalidating others. */
  test(appId: string): Promise<AppFinding>
}
