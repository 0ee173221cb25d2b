import type { CallRecord } from '@mianmi/wechat-sandbox/wx'
import { byId } from '../element.ts'
import { onLanguage, t } from '../text/language.ts'
import { type Entry, entryOfRecord, entryOfWechatCall } from './entry.ts'
import { createLaunchRow, createRow, describeLaunch } from './row.ts'
import { addToTally, emptyTally, type Tally } from './tally.ts'
import type { WechatCall } from './wechat-calls.ts'

export interface Wire {
  launched(person: string): void
  record(record: CallRecord): void
  wechatCall(call: WechatCall): void
}

const mostRows = 400

/** The time line of all calls, in the order in which they began. */
export function createWire(): Wire {
  const log = byId('wire')
  const rows = byId('wire-rows')
  const starts = new WeakMap<Element, number>()
  const launches = [Date.now()]
  let tally: Tally = emptyTally

  const place = (row: HTMLElement, startedAt: number): void => {
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40
    starts.set(row, startedAt)
    const before = [...rows.children].findLast((other) => (starts.get(other) ?? 0) <= startedAt)
    if (before) before.after(row)
    else rows.prepend(row)
    if (rows.childElementCount > mostRows) rows.firstElementChild?.remove()
    if (isAtEnd) log.scrollTop = log.scrollHeight
  }
  const show = (entry: Entry): void => {
    const { startedAt } = entry
    // What the service asked WeChat is heard of later, maybe after another launch.
    const since = launches.findLast((at) => at <= startedAt) ?? startedAt
    place(createRow(entry, since), startedAt)
  }

  // Where the log scrolls by itself, the keyboard must reach it.
  log.tabIndex = 0
  setUpHead(log, rows)
  onLanguage(() => {
    showSummary(tally)
    for (const row of rows.querySelectorAll<HTMLElement>('.launch')) describeLaunch(row)
  })

  return {
    launched(person) {
      const now = Date.now()
      launches.push(now)
      tally = emptyTally
      showSummary(tally)
      place(createLaunchRow(person, new Date(now)), now)
    },
    record(record) {
      show(entryOfRecord(record))
      // A late reply to the run before says nothing about this one.
      const launchedAt = launches.at(-1)
      if (launchedAt === undefined || record.startedAt < launchedAt) return
      tally = addToTally(tally, record, launchedAt)
      showSummary(tally)
    },
    wechatCall: (call) => show(entryOfWechatCall(call)),
  }
}

function showSummary({ logins, calls, outcome, settledAfter }: Tally): void {
  byId('summary').textContent = [
    t('summary.counts', { logins, calls }),
    outcome ? t(`summary.${outcome}`) : '',
    settledAfter === undefined ? '' : t('summary.after', { ms: settledAfter }),
  ].join('')
}

function setUpHead(log: HTMLElement, rows: HTMLElement): void {
  byId('wire-clear').addEventListener('click', () => rows.replaceChildren())
  const local = byId('wire-local')
  local.addEventListener('click', () => {
    const isShown = log.toggleAttribute('data-local')
    local.setAttribute('aria-pressed', String(isShown))
    log.scrollTop = log.scrollHeight
  })
}
