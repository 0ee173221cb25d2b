import { reasons } from '../../failure.ts'
import type { AdminService } from '../admin.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { dayOf, daysUntil } from './day.ts'
import type { DayCount, Overview, WechatCount } from './overview.ts'
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
    async overview(_actor, days) {
      const now = ports.now()
      const list = daysUntil(now, days)
      const since = list[0] ?? dayOf(now)
      const [actions, wechat, wechatToday, totals, health] = await Promise.all([
        ports.statistics.actions(since),
        ports.statistics.wechat(since),
        ports.statistics.wechat(dayOf(now)),
        ports.statistics.totals(now),
        ports.health(),
      ])
      const entered = actions.filter(({ action }) => entrances.includes(action))
      return {
        days: list.map((day) => countDay(day, entered)),
        refusals: refusalsOf(entered),
        wechat,
        quota: quotaOf(ports.appIds, wechatToday),
        totals,
        health,
      }
    },
  }
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
