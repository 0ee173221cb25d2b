import type { AuditEvent } from '@mianmi/core'
import { expect, it } from 'vitest'
import { createObservedClock } from '../../src/store/sqlite/observed-clock.ts'
import { openTestAudit, openTestDatabase } from '../database.ts'

const now = 1_800_000_000_000
const hour = 3_600_000
const day = 24 * hour

function open() {
  const { database } = openTestDatabase({ observes: true })
  const time = { uptime: 5_000 }
  const restart = () => createObservedClock(database.sqlite, () => time.uptime)
  return { database, time, restart }
}

it('begins with the clock, and follows it', () => {
  const { time, restart } = open()
  const clock = restart()
  for (const passed of [0, 1, 60_000, day]) {
    time.uptime = 5_000 + passed
    expect(clock.observe(now + passed)).toEqual({ earliest: now + passed, latest: now + passed })
  }
})

it.each([
  ['ahead', 200 * day],
  ['back', -200 * day],
])('moves by seconds where the clock is set %s for seconds, also over restarts', (_, jump) => {
  const { time, restart } = open()
  restart().observe(now)
  for (let start = 0; start < 3; start++) {
    const clock = restart()
    time.uptime += 2_000
    const { earliest, latest } = clock.observe(now + jump)
    expect(jump > 0 ? latest : earliest).toBe(now + jump)
    expect(Math.abs((jump > 0 ? earliest : latest) - now)).toBeLessThanOrEqual(60_000)
  }
})

it('is with the clock again a tenth of the time later', () => {
  const { time, restart } = open()
  restart().observe(now)
  const clock = restart()
  expect(clock.observe(now + 10 * day).earliest).toBe(now)
  time.uptime += day / 2
  expect(clock.observe(now + 10.5 * day).earliest).toBe(now + 5 * day)
  time.uptime += day
  expect(clock.observe(now + 11.5 * day).earliest).toBe(now + 11.5 * day)
  // What it has seen is stored.
  time.uptime += day
  clock.observe(now + 12.5 * day)
  expect(restart().observe(now + 300 * day).earliest).toBe(now + 12.5 * day)
})

it('takes the newest line of the audit log for an observation where there is no other', () => {
  const { database, restart } = open()
  database.sqlite
    .prepare("insert into audit_events (at, action, outcome) values (?, 'bind', 'ok')")
    .run(now)
  expect(restart().observe(now + 200 * day)).toEqual({ earliest: now, latest: now + 200 * day })
})

it('a clock that is ahead for a while deletes no line of the audit log', () => {
  const { database } = openTestDatabase({ observes: true })
  const event: AuditEvent = {
    at: now,
    action: 'sign_in',
    outcome: 'ok',
    userId: null,
    appId: 'wx1',
    origin: { address: '203.0.113.7', device: null },
  }
  let ahead = 0
  const log = openTestAudit(database, {
    appIds: ['wx1'],
    onError: () => undefined,
    now: () => now + ahead,
  })
  for (const jump of [0, 0, 200 * day, 200 * day, -200 * day, 0]) {
    ahead = jump
    log.record({ ...event, at: now + jump })
    database.flush()
  }
  expect(database.sqlite.prepare('select count(*) from audit_events').pluck().get()).toBe(6)
})
