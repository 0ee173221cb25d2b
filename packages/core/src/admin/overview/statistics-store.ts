import type { AppState } from '../apps/app-tester.ts'
import type { Overview, WechatCount } from './overview.ts'

/** Calls of one day and one outcome, as the audit log counted them while it wrote. */
export interface ActionCount {
  /** `YYYY-MM-DD`, from midnight to midnight in UTC+8. */
  readonly day: string
  readonly action: string
  readonly outcome: string
  readonly count: number
}

export interface StatisticsStore {
  /** The counts since a day, included. Exact: each is written together with the line it counts. */
  actions(sinceDay: string): Promise<readonly ActionCount[]>
  /** WeChat's answers since a day, included; the last few seconds may be missing. */
  wechat(sinceDay: string): Promise<readonly WechatCount[]>
  /** How many there are of each; may be some seconds old, since counting a million takes its time. */
  totals(now: number): Promise<Overview['totals']>
  /** What is known of each configured app; how many identities, as above. */
  apps(now: number): Promise<readonly AppState[]>
}
