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
  /** Our address as WeChat saw it, to be put on its allow-list; null where WeChat did not say. */
  readonly address: string | null
  readonly durationMs: number
}

export interface AppTester {
  /** Asks WeChat for an access token of the app, whatever is held already, and makes no other one void. */
  test(appId: string): Promise<AppFinding>
}
