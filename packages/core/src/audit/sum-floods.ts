import { createBoundedCache } from '../bounded-cache.ts'
import type { AuditEvent, AuditLog } from './audit-log.ts'

const minuteMs = 60_000
/** Lines that one network, or one user, may write at once. */
const burst = 60
/** Lines that it may write in each minute after that. */
const perMinute = 10
/** Upper limit of sums of one minute in memory. */
const maxSums = 2_000
/** Upper limit of networks and users whose lines are counted. */
const maxSources = 20_000

export interface SummingAuditLog extends AuditLog {
  /** Writes the sums of the minutes that are over. To be called every few seconds. */
  writeSums(now: number): void
  /** Writes all sums, at the end of the process. */
  close(): void
}

interface Sum {
  event: AuditEvent
  count: number
}

/**
 * Bounds what a flood writes to the audit log. Of refused calls without a session, the first of an action, outcome,
 * subject and network in a minute has a line of its own, at once; the others of that minute are one line with their
 * number, when the minute ends. A network that varies them gets 60 lines and then 10 a minute; the rest of the minute
 * is one line `refused_calls`. A user's own lines are bounded in the same way, but for what changes who can sign in: each
 * of those has a line, with its device. Lines of administrators, and those that are waited for, are not bounded. The statistics count each call. A crash loses the sums of one minute.
 *
 * @param options.appIds the configured apps; any other is text of the caller, which must not make a line
 */
export function sumFloods(log: AuditLog, options: { appIds: readonly string[] }): SummingAuditLog {
  const apps = new Set(options.appIds)
  const takeLine = createLineBudget()
  let minute = 0
  let sums = new Map<string, Sum>()

  const writeAll = (): void => {
    const ended = sums
    sums = new Map()
    for (const { event, count } of ended.values()) if (count > 0) log.record({ ...event, count })
  }
  const enterMinute = (at: number): void => {
    const current = Math.floor(at / minuteMs)
    if (current !== minute) writeAll()
    minute = current
  }
  const add = (key: string, event: AuditEvent): void => {
    const sum = sums.get(key)
    sums.set(key, { event: withoutDevice(event), count: (sum?.count ?? 0) + 1 })
    log.tally(event)
  }
  const recordRefusal = (event: AuditEvent): void => {
    const address = event.origin?.address ?? ''
    const appId = event.appId !== null && apps.has(event.appId) ? event.appId : null
    const key = keyOf({ ...event, appId })
    if (sums.has(key)) add(key, { ...event, appId })
    else if (sums.size < maxSums && takeLine(`network ${address}`, event.at)) {
      sums.set(key, { event, count: 0 })
      log.record(event)
    } else {
      const isKnown = sums.has(address) || sums.size < maxSums
      addRest(isKnown ? address : '', event)
    }
  }
  /** Where there are too many sums, a user has one for each action and outcome. */
  const addOwn = (event: AuditEvent): void => {
    const isKnown = sums.has(keyOf(event)) || sums.size < maxSums
    const summed = isKnown ? event : { ...event, appId: null, origin: null }
    add(keyOf(summed), summed)
  }
  /** One line for all that a network did beyond its lines; for all networks where there are too many. */
  const addRest = (address: string, event: AuditEvent): void => {
    const { at, origin } = event
    const count = (sums.get(address)?.count ?? 0) + 1
    const from = address === '' ? null : origin && { ...origin, device: null }
    const rest = { action: 'refused_calls', outcome: 'rate_limited', userId: null } as const
    sums.set(address, { event: { ...rest, at, appId: null, origin: from }, count })
    log.tally(event)
  }
  return {
    write: log.write,
    tally: log.tally,
    record(event) {
      if (!isBounded(event)) {
        log.record(event)
        return
      }
      enterMinute(event.at)
      const { userId } = event
      if (isOfStranger(event)) recordRefusal(event)
      else if (isSecurityChange(event) || takeLine(`user ${userId}`, event.at)) log.record(event)
      else addOwn(event)
    },
    writeSums: enterMinute,
    close: writeAll,
  }
}

/** Not the lines of administrators, and of what is no call. */
const isBounded = ({ adminId = null, origin }: AuditEvent): boolean =>
  adminId === null && origin !== null

/** What one sum stands for: calls that differ in nothing but their time and their device. */
const keyOf = ({ action, outcome, userId, appId, origin }: AuditEvent): string =>
  JSON.stringify([action, outcome, userId, appId, origin?.address ?? ''])

/**
 * Own calls that are summed where there are many: they change nothing, or nothing that matters to the sign-in. All
 * others that succeed have a line each, also those of a later version.
 */
const summedActions: ReadonlySet<string> = new Set(['profile_change', 'open_data', 'refresh'])

const isSecurityChange = ({ action, outcome }: AuditEvent): boolean =>
  (outcome === 'ok' || outcome === 'unbound') && !summedActions.has(action)

/** Actions that need no session. A user whom one of them names is the target of the call, and not its caller. */
const openActions: ReadonlySet<string> = new Set([
  'sign_in',
  'bind',
  'register',
  'refresh',
  'refresh_reuse',
])

function isOfStranger({ action, outcome, userId }: AuditEvent): boolean {
  if (userId === null) return true
  return outcome !== 'ok' && (openActions.has(action) || action.startsWith('admin.'))
}

const withoutDevice = (event: AuditEvent): AuditEvent =>
  event.origin === null ? event : { ...event, origin: { ...event.origin, device: null } }

/** A token bucket for each source. */
function createLineBudget(): (source: string, at: number) => boolean {
  const budgets = createBoundedCache<{ lines: number; at: number }>({ most: maxSources })
  return (source, at) => {
    const budget = budgets.get(source) ?? { lines: burst, at }
    // A clock that was set back refills nothing, and takes nothing away.
    const refill = (Math.max(0, at - budget.at) / minuteMs) * perMinute
    const lines = Math.min(burst, budget.lines + refill)
    const isAllowed = lines >= 1
    budgets.set(source, { lines: isAllowed ? lines - 1 : lines, at })
    return isAllowed
  }
}
