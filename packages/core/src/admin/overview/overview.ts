import type { Reason } from '../../failure.ts'
import type { DayRange } from './day.ts'

/** One day from midnight to midnight in UTC+8, when WeChat's daily quotas restart. */
export interface DayCount {
  /** `YYYY-MM-DD` */
  readonly day: string
  /** All successful sign-ins: silent ones, bindings and registrations. */
  readonly signIns: number
  readonly newUsers: number
  /** Identities bound to an existing account, by password or phone number. */
  readonly bound: number
  /** Sign-ins that returned a ticket. */
  readonly unbound: number
  readonly refused: number
}

export interface WechatCount {
  readonly appId: string
  readonly api: string
  /** WeChat's errcode, 0 for success; null where there was no complete reply. */
  readonly errcode: number | null
  readonly count: number
  readonly meanMs: number
  readonly maxMs: number
}

/** The last days, today included; or from one day to another, both included. Days after today are left out. */
export type OverviewPeriod = { readonly days: number } | DayRange

/** The longest period of the overview, in days: a leap year. */
export const maxOverviewDays = 366

export interface Overview {
  /** Today so far and the whole of yesterday, whatever the period is. */
  readonly today: DayCount
  readonly yesterday: DayCount
  /** The days of the period, the oldest first. */
  readonly days: readonly DayCount[]
  readonly refusals: readonly { readonly reason: Reason; readonly count: number }[]
  readonly wechat: readonly WechatCount[]
  /** Today's calls and WeChat's daily limit; null where no limit is documented. */
  readonly quota: readonly {
    readonly appId: string
    readonly api: string
    readonly used: number
    readonly limit: number | null
  }[]
  readonly totals: {
    readonly users: number
    readonly disabled: number
    readonly identities: number
    readonly sessions: number
    readonly conflicts: number
  }
  readonly health: {
    readonly startedAt: number
    readonly version: string
    readonly node: string
    readonly eventLoopP99Ms: number
    readonly heapBytes: number
    readonly rssBytes: number
    /** Null where it is not known. */
    readonly databaseBytes: number | null
  }
}
