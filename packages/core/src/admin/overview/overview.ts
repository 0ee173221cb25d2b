import type { Reason } from '../../failure.ts'

/** One day from midnight to midnight in UTC+8, where WeChat's daily quotas begin anew. */
export interface DayCount {
  /** `YYYY-MM-DD` */
  readonly day: string
  /** All that went well: silent ones, bindings and registrations. */
  readonly signIns: number
  readonly newUsers: number
  /** Identities bound to an account that was there, by password or phone. */
  readonly bound: number
  /** Sign-ins that ended with a ticket to bind. */
  readonly unbound: number
  readonly refused: number
}

export interface WechatCount {
  readonly appId: string
  readonly api: string
  /** WeChat's errcode, 0 for success; null where no whole answer came. */
  readonly errcode: number | null
  readonly count: number
  readonly meanMs: number
  readonly maxMs: number
}

export interface Overview {
  readonly days: readonly DayCount[]
  readonly refusals: readonly { readonly reason: Reason; readonly count: number }[]
  readonly wechat: readonly WechatCount[]
  /** Calls made today against what WeChat allows a day; null where no limit is known. */
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
    readonly databaseBytes: number
  }
}
