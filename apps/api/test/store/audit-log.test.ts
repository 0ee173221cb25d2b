import type { AuditEvent } from '@mianmi/core'
import Sqlite from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { openTestAudit, openTestDatabase } from '../database.ts'

const now = 1_800_000_000_000
const day = Math.floor(now / 86_400_000)

function open() {
  const { database, path } = openTestDatabase()
  const other = new Sqlite(path, { timeout: 0 })
  onTestFinished(() => void other.close())
  const errors: unknown[] = []
  const onError = (error: unknown): void => void errors.push(error)
  const store = openTestAudit(database, { onError, now: () => now })
  const { record, takeInbox } = store
  return {
    record: (userId: string, event: Partial<AuditEvent> = {}) =>
      record({
        at: now,
        action: 'sign_in',
        outcome: 'ok',
        userId,
        appId: 'wx1',
        origin: { address: '203.0.113.7', device: 'Phone' },
        ...event,
      }),
    errors,
    other,
    takeInbox,
    /** Until what was recorded before is committed: writes of one store keep their order. */
    settled: () => database.write(() => {}),
    users: () => other.prepare('select user_id from audit_events order by id').pluck().all(),
    counts: () =>
      other
        .prepare('select day, action, outcome, app_id, count, last_at from daily_counts order by 3')
        .raw()
        .all(),
  }
}

it('events that come together are written in their order, and counted', async () => {
  const log = open()
  log.record('a', { newUser: true })
  log.record('b')
  log.record('c', { outcome: 'user_disabled', appId: 'made up' })
  log.record('d', { at: now + 5 })
  await log.settled()
  expect(log.users()).toEqual(['a', 'b', 'c', 'd'])
  expect(log.counts()).toEqual([
    [day, 'sign_in', 'new_user', 'wx1', 1, now],
    [day, 'sign_in', 'ok', 'wx1', 2, now + 5],
    [day, 'sign_in', 'user_disabled', '', 1, now],
  ])
  log.record('e')
  await log.settled()
  expect(log.users()).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(log.counts()).toContainEqual([day, 'sign_in', 'ok', 'wx1', 3, now])
})

it('a failed write is reported once, and later events are written', async () => {
  const log = open()
  log.other.exec('begin immediate')
  log.record('a')
  log.record('b')
  await expect(log.settled()).rejects.toMatchObject({ reason: 'overloaded' })
  log.other.exec('commit')
  expect(log.errors).toMatchObject([{ reason: 'overloaded' }])
  log.record('c')
  await log.settled()
  expect(log.users()).toEqual(['c'])
})

it('the lines that commands have left are added in their order, and other texts are dropped', async () => {
  const log = open()
  const line = { at: now, action: 'command.create', outcome: 'ok', appId: null, origin: null }
  const put = log.other.prepare('insert into audit_inbox (event) values (?)')
  for (const event of [
    { ...line, userId: 'a' },
    null,
    {},
    { ...line, userId: 'x', at: 'now' },
    { ...line, userId: {} },
    { ...line, userId: 'x', action: 'admin.people.revealPhone' },
    { ...line, userId: 'x', action: 'system.keys' },
    { ...line, userId: 'x', outcome: 'unbound' },
    { ...line, userId: 'x'.repeat(65) },
    [],
    7,
    'text',
    { ...line, userId: 'b', origin: { address: 'local', device: null } },
  ])
    put.run(JSON.stringify(event))
  put.run('{')
  log.takeInbox()
  await log.settled()
  expect(log.users()).toEqual(['a', 'b'])
  expect(log.errors).toEqual([])
  expect(log.other.prepare('select count(*) from audit_inbox').pluck().get()).toBe(0)
})

it('a line of the inbox is local, says that it came without SECRET_KEY, and is of no time to come', async () => {
  const log = open()
  const put = log.other.prepare('insert into audit_inbox (event) values (?)')
  const line = { at: now - 1, action: 'command.create', outcome: 'ok', userId: 'a', count: 9 }
  for (const event of [
    {
      ...line,
      origin: { address: '203.0.113.66', device: 'admin.js, user ming' },
      adminId: 'root',
    },
    { ...line, at: now + 300 * 86_400_000, appId: 'wx1', origin: null },
    { ...line, origin: { address: 1, device: 'x'.repeat(9_999) } },
  ])
    put.run(JSON.stringify(event))
  log.takeInbox()
  await log.settled()
  const columns = 'at, address, device, operator_id, app_id, count'
  const suffix = 'without SECRET_KEY'
  expect(log.other.prepare(`select ${columns} from audit_events order by id`).raw().all()).toEqual([
    [now - 1, 'local', `admin.js, user ming, ${suffix}`, null, null, 1],
    [now, 'local', `unknown, ${suffix}`, null, null, 1],
    [now - 1, 'local', `${'x'.repeat(200)}, ${suffix}`, null, null, 1],
  ])
})
