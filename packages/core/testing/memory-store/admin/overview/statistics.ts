import {
  type AppState,
  type DayRange,
  dayName,
  dayNumber,
  numberOfDay,
  type Overview,
  type StatisticsStore,
  type WechatCount,
} from '../../../../src/admin/index.ts'
import type { DailyCountRow, MemoryState, WechatCountRow } from '../../state.ts'

/** @param appIds the configured apps */
export function createStatisticsStore(
  state: MemoryState,
  appIds: readonly string[],
): StatisticsStore {
  const within = <Row extends { readonly day: number }>(
    rows: Map<string, Row>,
    { from, to }: DayRange,
  ) => [...rows.values()].filter(({ day }) => day >= numberOfDay(from) && day <= numberOfDay(to))
  return {
    actions: async (range) =>
      groupBy(within(state.dailyCounts, range), ({ day, action, outcome }) =>
        [day, action, outcome].join(' '),
      ).map(([first, rows]) => ({
        day: dayName(first.day),
        action: first.action,
        outcome: first.outcome,
        count: sum(rows, ({ count }) => count),
      })),

    wechat: async (range) =>
      groupBy(within(state.wechatCounts, range), ({ appId, api, errcode }) =>
        [appId, api, errcode].join(' '),
      )
        .map(([first, rows]) => countAnswers(first, rows))
        .sort((one, other) => other.count - one.count),

    totals: async (now) => totalsOf(state, now),

    apps: async (now) => appIds.map((appId) => appStateOf(state, appId, now)),
  }
}

/** The rows of each key, with the first of them apart. */
function groupBy<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): (readonly [first: Row, rows: readonly Row[]])[] {
  const groups = new Map<string, [Row, Row[]]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group === undefined) groups.set(keyOf(row), [row, [row]])
    else group[1].push(row)
  }
  return [...groups.values()]
}

const sum = <Row>(rows: readonly Row[], read: (row: Row) => number): number =>
  rows.reduce((total, row) => total + read(row), 0)

function countAnswers(
  { appId, api, errcode }: WechatCountRow,
  rows: readonly WechatCountRow[],
): WechatCount {
  const count = sum(rows, (row) => row.count)
  const meanMs = sum(rows, ({ sumMs }) => sumMs) / count
  return { appId, api, errcode, count, meanMs, maxMs: Math.max(...rows.map((row) => row.maxMs)) }
}

function totalsOf(state: MemoryState, now: number): Overview['totals'] {
  const users = [...state.users.values()].filter(({ mergedInto }) => mergedInto === null)
  return {
    users: users.length,
    disabled: users.filter(({ disabledAt }) => disabledAt !== null).length,
    identities: state.identities.size,
    sessions: [...state.sessions.values()].filter(({ expiresAt }) => expiresAt > now).length,
    conflicts: state.conflicts.size,
  }
}

/** What a sign-in is recorded as, silent or by binding to an account. */
const signInActions = ['sign_in', 'bind', 'register']

function appStateOf(state: MemoryState, appId: string, now: number): AppState {
  const signIns = [...state.dailyCounts.values()].filter(
    (row) =>
      row.appId === appId &&
      signInActions.includes(row.action) &&
      (row.outcome === 'ok' || row.outcome === 'new_user'),
  )
  const today = signIns.filter(({ day }) => day === dayNumber(now))
  return {
    appId,
    identities: [...state.identities.values()].filter((row) => row.appId === appId).length,
    signInsToday: sum(today, ({ count }) => count),
    lastSignInAt: signIns.length === 0 ? null : Math.max(...signIns.map((row) => row.lastAt)),
  }
}

/** Counts a line of the audit log; `appId` is empty where it is none of the configured apps. */
export function countAction({ dailyCounts }: MemoryState, row: Omit<DailyCountRow, 'count'>): void {
  const { day, action, outcome, appId } = row
  const key = [day, action, outcome, appId].join(' ')
  dailyCounts.set(key, { ...row, count: (dailyCounts.get(key)?.count ?? 0) + 1 })
}

/** Counts an answer of WeChat; `errcode` is null where no whole answer came. */
export function countWechatAnswer(
  { wechatCounts }: MemoryState,
  answer: { at: number; appId: string; api: string; errcode: number | null; durationMs: number },
): void {
  const { appId, api, errcode, durationMs } = answer
  const day = dayNumber(answer.at)
  const key = [day, appId, api, errcode].join(' ')
  const known = wechatCounts.get(key) ?? { count: 0, sumMs: 0, maxMs: 0 }
  wechatCounts.set(key, {
    day,
    appId,
    api,
    errcode,
    count: known.count + 1,
    sumMs: known.sumMs + durationMs,
    maxMs: Math.max(known.maxMs, durationMs),
  })
}
