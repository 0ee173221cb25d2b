import type { AppState } from '../apps/app-tester.ts'
import type { DayRange } from './day.ts'
import type { Overview, WechatCount } from './overview.ts'

/** The calls of one day, action and outcome, counted when their audit rows were written. */
export interface ActionCount {
  /** `YYYY-MM-DD`, from midnight to midnight in UTC+8. */
  readonly day: string
  readonly action: string
  readonly outcome: string
  readonly count: number
}

export interface StatisticsStore {
  /** The counts of these days. Exact: each count is written in the same transaction as its audit row. */
  actions(range: DayRange): Promise<readonly ActionCount[]>
  /** WeChat's replies of these days, the most frequent first. The last few seconds may be missing. */
  wechat(range: DayRange): Promise<readonly WechatCount[]>
  /**
   * Totals, without users who were merged into another. They may be some seconds old, because counting a million rows
   * takes time.
   */
  totals(now: number): Promise<Overview['totals']>
  /** The state of each configured app. The number of identities may be some seconds old. */
  apps(now: number): Promise<readonly AppState[]>
}
