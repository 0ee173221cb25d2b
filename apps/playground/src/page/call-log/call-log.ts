import type { CallRecord } from '@mianmi/wechat-sandbox/wx'
import { byId } from '../element.ts'
import { languageTag, onLanguage, t } from '../text/language.ts'
import { addToSummary, emptySummary, type LaunchSummary } from './launch-summary.ts'
import { type LogEntry, toLogEntry, wechatCallToLogEntry } from './log-entry.ts'
import { setUpLogFilter } from './log-filter.ts'
import { createLaunchRow, createLogRow, describeLaunch } from './log-row.ts'
import type { WechatCall } from './wechat-call-poller.ts'

/** The call log on the page. */
export interface CallLog {
  /** Adds a row for a launch and resets the summary. */
  launched(person: string): void
  /** Adds a call of `wx`. */
  record(record: CallRecord): void
  /** Whether somebody is signed in, as far as the calls since the launch tell. */
  isSignedIn(): boolean
  /** Adds a call of the service to WeChat. */
  wechatCall(call: WechatCall): void
}

const maxRows = 400

/** Creates the call log, ordered by the start of the calls. */
export function createCallLog(): CallLog {
  const log = byId('call-log')
  const rows = byId('call-log-rows')
  const starts = new WeakMap<Element, number>()
  const launches = [Date.now()]
  let summary: LaunchSummary = emptySummary

  const place = (row: HTMLElement, startedAt: number): void => {
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40
    starts.set(row, startedAt)
    const previousRow = [...rows.children].findLast(
      (other) => (starts.get(other) ?? 0) <= startedAt,
    )
    if (previousRow) previousRow.after(row)
    else rows.prepend(row)
    filter.apply(row)
    if (rows.childElementCount > maxRows) rows.firstElementChild?.remove()
    if (isAtEnd) log.scrollTop = log.scrollHeight
  }
  const show = (entry: LogEntry): void => {
    const { startedAt } = entry
    // Calls of the service arrive later, possibly after another launch.
    const since = launches.findLast((at) => at <= startedAt) ?? startedAt
    place(createLogRow(entry, since), startedAt)
  }

  const filter = setUpLogFilter(rows)
  // A scrollable element must be reachable by keyboard.
  log.tabIndex = 0
  setUpHead(log, rows)
  onLanguage(() => {
    showSummary(summary)
    for (const row of rows.querySelectorAll<HTMLElement>('.launch')) describeLaunch(row)
  })

  return {
    launched(person) {
      const now = Date.now()
      launches.push(now)
      summary = emptySummary
      showSummary(summary)
      place(createLaunchRow(person, new Date(now)), now)
    },
    record(record) {
      show(toLogEntry(record))
      // A late reply to an earlier launch does not change the summary.
      const launchedAt = launches.at(-1)
      if (launchedAt === undefined || record.startedAt < launchedAt) return
      summary = addToSummary(summary, record, launchedAt)
      showSummary(summary)
    },
    isSignedIn: () => summary.outcome === 'signedIn',
    wechatCall: (call) => show(wechatCallToLogEntry(call)),
  }
}

function showSummary({ logins, calls, outcome, keptUntil, settledAfter }: LaunchSummary): void {
  const isKept = logins + calls === 0 && outcome === 'signedIn' && keptUntil !== undefined
  byId('summary').textContent = [
    t('summary.counts', { logins, calls }),
    outcome ? t(`summary.${outcome}`) : '',
    isKept ? t('summary.kept', { time: timeOf(keptUntil) }) : afterText(settledAfter),
  ].join('')
}

const afterText = (ms: number | undefined): string =>
  ms === undefined ? '' : t('summary.after', { ms })

const timeOf = (ms: number): string =>
  new Date(ms).toLocaleTimeString(languageTag(), { hour: '2-digit', minute: '2-digit' })

function setUpHead(log: HTMLElement, rows: HTMLElement): void {
  byId('call-log-clear').addEventListener('click', () => rows.replaceChildren())
  const local = byId('call-log-local')
  local.addEventListener('click', () => {
    const isShown = log.toggleAttribute('data-local')
    local.setAttribute('aria-pressed', String(isShown))
    log.scrollTop = log.scrollHeight
  })
}
