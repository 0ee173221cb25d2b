import type { AppFinding } from '../desk.ts'

export interface AppTester {
  /** Asks WeChat for an access token of the app, whatever is held already, and makes no other one void. */
  test(appId: string): Promise<AppFinding>
}
