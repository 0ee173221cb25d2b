import { reasons } from '../../failure.ts'
import type { AdminService } from '../admin.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { type DayRange, dayName, dayNumber, dayOf, daysOf } from './day.ts'
import type { DayCount, Overview, OverviewPeriod, WechatCount } from './overview.ts'
import type { ActionCount } from './statistics-store.ts'

/**
 * WeChat's documented daily limits, by path. Other limits depend on the app and are shown to its owner only.
 * https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html
 */
const dailyLimits: Readonly<Record<string, number>> = { '/cgi-bin/stable_token': 500_000 }

/** The actions that sign a user in: silently, by binding to an account, as a new user. */
const entrances = ['sign_in', 'bind', 'register']

export function overview(
  ports: Pick<AdminPorts, 'statistics' | 'appIds' | 'health' | 'now'>,
): Pick<AdminService, 'overview'> {
  return {
    async overview(_actor, period) {
      const now = ports.now()
      const today = dayOf(now)
      const yesterday = dayName(dayNumber(now) - 1)
      const range = rangeOf(period, now)
      const [actions, recent, wechat, wechatToday, totals, health] = await Promise.all([
        ports.statistics.actions(range),
        ports.statistics.actions({ from: yesterday, to: today }),
        ports.statistics.wechat(range),
        ports.statistics.wechat({ from: today, to: today }),
        ports.statistics.totals(now),
        ports.health(),
      ])
      const entered = actions.filter(isEntrance)
      const enteredRecently = recent.filter(isEntrance)
      return {
        today: countDay(today, enteredRecently),
        yesterday: countDay(yesterday, enteredRecently),
        days: daysOf(range).map((day) => countDay(day, entered)),
        refusals: refusalsOf(entered),
        wechat,
        quota: quotaOf(ports.appIds, wechatToday),
        totals,
        health,
      }
    },
  }
}

const isEntrance = ({ action }: ActionCount): boolean => entrances.includes(action)

function rangeOf(period: OverviewPeriod, now: number): DayRange {
  const today = dayOf(now)
  if ('days' in period) return { from: dayName(dayNumber(now) - period.days + 1), to: today }
  // Names of days are in the order of the days.
  return period.to > today ? { from: period.from, to: today } : period
}

function countDay(day: string, entered: readonly ActionCount[]): DayCount {
  const ofDay = entered.filter((each) => each.day === day)
  const sum = (isCounted: (each: ActionCount) => boolean): number =>
    ofDay.reduce((total, each) => (isCounted(each) ? total + each.count : total), 0)
  return {
    day,
    signIns: sum(({ outcome }) => outcome === 'ok' || outcome === 'new_user'),
    newUsers: sum(({ outcome }) => outcome === 'new_user'),
    bound: sum(({ action, outcome }) => action === 'bind' && outcome === 'ok'),
    unbound: sum(({ outcome }) => outcome === 'unbound'),
    refused: sum(({ outcome }) => reasons.some((reason) => reason === outcome)),
  }
}

/** The most frequent first. */
function refusalsOf(entered: readonly ActionCount[]): Overview['refusals'] {
  return reasons
    .map((reason) => {
      const those = entered.filter(({ outcome }) => outcome === reason)
      return { reason, count: those.reduce((total, { count }) => total + count, 0) }
    })
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
}

/** Every call counts against the quota, whatever its outcome. */
function quotaOf(appIds: readonly string[], today: readonly WechatCount[]): Overview['quota'] {
  const used = new Map<string, number>()
  for (const { appId, api, count } of today) {
    const key = `${appId} ${api}`
    used.set(key, (used.get(key) ?? 0) + count)
  }
  const listed = [...used].map(([key, calls]) => {
    const [appId = '', api = ''] = key.split(' ')
    return { appId, api, used: calls, limit: dailyLimits[api] ?? null }
  })
  // An app without calls today is listed with its limits too.
  const idle = appIds.flatMap((appId) =>
    Object.entries(dailyLimits)
      .filter(([api]) => !used.has(`${appId} ${api}`))
      .map(([api, limit]) => ({ appId, api, used: 0, limit })),
  )
  return [...listed, ...idle]
}
