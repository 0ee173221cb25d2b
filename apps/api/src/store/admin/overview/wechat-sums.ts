import { dayNumber } from '@mianmi/core/admin'
import type { WechatRequestOutcome } from './wechat-counter.ts'

/** A row of `wechat_counts`. */
export interface WechatCount {
  readonly day: number
  readonly appId: string
  readonly api: string
  /** Empty where no whole answer came. */
  readonly errcode: string
  readonly count: number
  readonly sumMs: number
  readonly maxMs: number
}

/** WeChat's answers in memory, summed by day, app, API and errcode. */
export interface WechatSums {
  add(answer: WechatRequestOutcome): void
  /** Takes the sums out. */
  take(): readonly WechatCount[]
}

/** How long counts stay in memory, in ms: one write for all of them instead of one for each. */
const writeIntervalMs = 3_000

/** @param options.onDue is called when sums have been in memory for three seconds; it takes and writes them */
export function createWechatSums({
  now,
  onDue,
}: {
  now: () => number
  onDue: () => void
}): WechatSums {
  let sums = new Map<string, WechatCount>()
  let timer: ReturnType<typeof setTimeout> | undefined
  return {
    add(answer) {
      const sum = countOf(answer, dayNumber(now()))
      const key = `${sum.day} ${sum.appId} ${sum.api} ${sum.errcode}`
      sums.set(key, mergeCounts(sums.get(key), sum))
      timer ??= setTimeout(onDue, writeIntervalMs).unref()
    },
    take() {
      clearTimeout(timer)
      timer = undefined
      const taken = [...sums.values()]
      sums = new Map()
      return taken
    },
  }
}

function countOf(
  { appId, path: api, errcode, durationMs }: WechatRequestOutcome,
  day: number,
): WechatCount {
  const ms = Math.round(durationMs)
  return { day, appId, api, errcode: String(errcode ?? ''), count: 1, sumMs: ms, maxMs: ms }
}

function mergeCounts(a: WechatCount | undefined, b: WechatCount): WechatCount {
  if (a === undefined) return b
  return {
    ...b,
    count: a.count + b.count,
    sumMs: a.sumMs + b.sumMs,
    maxMs: Math.max(a.maxMs, b.maxMs),
  }
}
