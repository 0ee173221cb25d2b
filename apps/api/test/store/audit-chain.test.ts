import type { AuditEvent } from '@mianmi/core'
import Sqlite from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  createAuditStore,
  type Database,
  openDatabase,
  verifyAudit,
} from '../../src/store/sqlite/index.ts'
import { createAuditKeySealer } from '../../src/tokens/audit-key-sealer.ts'
import { createRootKey } from '../../src/tokens/root-key.ts'
import { auditKeys, openTestAudit, openTestDatabase } from '../database.ts'
import { earlier, migrations, phones } from './earlier-migrations.ts'

const now = 1_800_000_000_000
const day = 86_400_000

const event: AuditEvent = {
  at: now,
  action: 'sign_in',
  outcome: 'ok',
  userId: 'ming',
  appId: 'wx1',
  origin: { address: '203.0.113.7', device: 'Phone' },
}

function auditOf(database: Database) {
  const onError = (error: unknown): void => {
    throw error
  }
  let clock = now
  const { record } = openTestAudit(database, {
    appIds: ['wx1'],
    onError,
    keys: auditKeys,
    now: () => clock,
  })
  return (...events: readonly Partial<AuditEvent>[]): void => {
    for (const each of events) record({ ...event, ...each })
    clock = events.at(-1)?.at ?? now
    database.flush()
  }
}

/** A log of six lines, a second apart, each written with its own commit. */
function openLog() {
  const { database, path } = openTestDatabase()
  const write = auditOf(database)
  for (let index = 0; index < 6; index++) write({ at: now + index * 1_000 })
  const other = new Sqlite(path)
  onTestFinished(() => void other.close())
  return { database, write, other, verify: () => verifyAudit(database, auditKeys) }
}

const whole = (from: number, to: number) => ({
  verified: to - from + 1,
  first: { id: from, at: now + (from - 1) * 1_000 },
  last: { id: to, at: now + (to - 1) * 1_000 },
  mac: expect.stringMatching(/^[0-9a-f]{32}$/),
  earlier: 0,
  restartedAt: null,
  fault: null,
})
const brokenAt = (id: number, after: number | null) => ({
  kind: 'line',
  place: { id, at: now + (id - 1) * 1_000 },
  after: after === null ? null : { id: after, at: now + (after - 1) * 1_000 },
})

describe('the chain of the audit log', () => {
  it('is whole, from the first line to the last', () => {
    expect(openLog().verify()).toEqual(whole(1, 6))
  })

  it('is whole where nothing was written yet', () => {
    const { database } = openTestDatabase()
    const nothing = {
      verified: 0,
      first: null,
      last: null,
      mac: null,
      earlier: 0,
      restartedAt: null,
      fault: null,
    }
    expect(verifyAudit(database, auditKeys)).toEqual(nothing)
    auditOf(database)()
    expect(verifyAudit(database, auditKeys)).toEqual(nothing)
  })

  it.each([
    'at = at + 1',
    "action = 'bind'",
    "outcome = 'unbound'",
    "user_id = 'hong'",
    'user_id = null',
    "operator_id = 'root'",
    'app_id = null',
    "address = '203.0.113.8'",
    "device = device || ' '",
    'is_read = 1',
    'count = 2',
    'mac = null',
    "mac = x'00'",
  ])('shows an altered line: %s', (change) => {
    const { other, verify } = openLog()
    other.exec(`update audit_events set ${change} where id = 3`)
    expect(verify().fault).toMatchObject({ kind: 'line', place: { id: 3 }, after: { id: 2 } })
    expect(verify().verified).toBe(2)
  })

  it.each([
    ['in the middle', 3, brokenAt(4, 2)],
    ['at the beginning', 1, brokenAt(2, null)],
    ['at the end', 6, { kind: 'end', newestId: 6, after: { id: 5, at: now + 4_000 } }],
  ])('shows a line that was deleted %s', (_where, id, fault) => {
    const { other, verify } = openLog()
    other.exec(`delete from audit_events where id = ${id}`)
    expect(verify().fault).toEqual(fault)
  })

  it('shows that all lines were deleted, also when others come after', () => {
    const { other, write, verify } = openLog()
    other.exec('delete from audit_events')
    expect(verify().fault).toEqual({ kind: 'end', newestId: 6, after: null })
    write({ at: now + 6_000 })
    expect(verify().fault).toEqual(brokenAt(7, null))
  })

  it('shows two lines that were swapped', () => {
    const { other, verify } = openLog()
    other.exec(`
      update audit_events set id = -1 where id = 2;
      update audit_events set id = 2 where id = 3;
      update audit_events set id = 3 where id = -1`)
    expect(verify().fault).toMatchObject({ kind: 'line', place: { id: 2 }, after: { id: 1 } })
  })

  const columns = 'at, action, outcome, user_id, app_id, address, device, mac'
  it.each([
    ['before the first', -3],
    ['at the place of none', 0],
    ['after the last', 7],
  ])('shows a line that was inserted %s', (_where, id) => {
    const { other, write, verify } = openLog()
    for (const mac of ['mac', 'null']) {
      other.exec(
        `insert into audit_events (id, ${columns}) select ${id}, ${columns.replace('mac', mac)}
         from audit_events where id = 6`,
      )
      expect(verify().fault).toMatchObject({ kind: 'line', place: { id } })
      other.exec(`delete from audit_events where id = ${id}`)
    }
    expect(verify()).toEqual(whole(1, 6))
    other.exec(
      `insert into audit_events (id, at, action, outcome) values (${id}, ${now}, 'bind', 'ok')`,
    )
    write({ at: now + 9_000 })
    expect(verify().fault).toMatchObject({ kind: 'line', place: { id } })
  })

  it.each([
    'head_id = 5',
    'head_state = anchor_state',
    'anchor_id = 3',
    'anchor_state = head_state',
    'anchor_seal = head_state',
    'unchained_until = 3',
  ])('shows an altered record of the chain: %s', (change) => {
    const { other, verify } = openLog()
    other.exec(`update audit_chain set ${change}`)
    expect(verify().fault).not.toBeNull()
  })

  it('shows that the lines of one user were given to another', () => {
    const { database } = openTestDatabase()
    database.sqlite.exec("insert into users (id, created_at) values ('ming', 1), ('hong', 1)")
    auditOf(database)({ userId: 'ming' }, { userId: 'hong', adminId: 'ming' })
    expect(verifyAudit(database, auditKeys)).toMatchObject({ verified: 2, fault: null })
    const of = database.sqlite.prepare('select pseudonym from audit_subjects where user_id = ?')
    const [ming, hong] = [of.pluck().get('ming'), of.pluck().get('hong')]
    const give = database.sqlite.prepare(
      'update audit_subjects set pseudonym = ? where user_id = ?',
    )
    for (const [pseudonym, userId] of [
      ['x', 'ming'],
      [ming, 'hong'],
      [hong, 'ming'],
    ])
      give.run(pseudonym, userId)
    expect(verifyAudit(database, auditKeys).fault).toMatchObject({ kind: 'subject' })
    database.sqlite.exec("delete from users where id in ('ming', 'hong')")
    expect(verifyAudit(database, auditKeys).fault).toBeNull()
  })

  it('shows that the oldest lines were deleted with a state that the database once had', () => {
    const { other, write, verify } = openLog()
    const state = other.prepare('select head_state from audit_chain').pluck().get()
    write({ at: now + 6_000 })
    other.exec('delete from audit_events where id <= 6')
    other.prepare('update audit_chain set anchor_id = 6, anchor_state = ?').run(state)
    expect(verify().fault).toEqual({ kind: 'chain_altered' })
  })

  it('shows that the record of the chain was deleted, also when a new one was started', () => {
    const { database, other, verify } = openLog()
    other.exec('delete from audit_chain')
    expect(verify().fault).toEqual({ kind: 'no_chain' })
    auditOf(database)({ at: now + 6_000 })
    expect(verify().fault).toMatchObject({ kind: 'line', place: { id: 1 } })
  })

  it('refuses a line where the record of the chain is lost', async () => {
    const { database, path } = openTestDatabase()
    const onError = (): void => undefined
    const log = openTestAudit(database, { appIds: [], onError, keys: auditKeys })
    const other = new Sqlite(path)
    onTestFinished(() => void other.close())
    other.exec('delete from audit_chain')
    await expect(log.write(event)).rejects.toThrow('audit_chain')
    expect(other.prepare('select count(*) from audit_events').pluck().get()).toBe(0)
  })

  it('goes on over several processes that write by turns', () => {
    const { database, openAgain } = openTestDatabase()
    const second = openAgain()
    onTestFinished(() => second.close())
    const writers = [auditOf(database), auditOf(second)]
    for (let index = 0; index < 10; index++)
      writers[index % 2]?.({ at: now + index * 1_000 }, { at: now + index * 1_000, userId: 'hong' })
    expect(verifyAudit(second, auditKeys)).toMatchObject({ verified: 20, fault: null })
  })

  it('keeps any text as its MAC was made over it', () => {
    const { database } = openTestDatabase()
    const device = '\uD800 \uDC00 \u0000 😀 " \\'
    auditOf(database)({ appId: '\uDFFF', origin: { address: '::1', device } })
    expect(verifyAudit(database, auditKeys)).toMatchObject({ verified: 1, fault: null })
  })

  it('is whole after the oldest lines have expired', () => {
    const { write, verify, other } = openLog()
    write({ at: now + 190 * day + 2_000 })
    const ids = other.prepare('select id from audit_events order by id').pluck()
    expect(ids.all()).toEqual([4, 5, 6, 7])
    expect(verify()).toMatchObject({ verified: 4, first: { id: 4 }, fault: null })
    other.exec('delete from audit_events where id = 4')
    expect(verify().fault).toMatchObject({ kind: 'line', place: { id: 5 }, after: null })
  })

  it('loses no line to the time of another', () => {
    const { database, verify, other } = openLog()
    const log = openTestAudit(database, {
      appIds: [],
      onError: () => undefined,
      keys: auditKeys,
      now: () => now + 10_000,
    })
    log.record({ ...event, at: now + 300 * day })
    database.flush()
    expect(other.prepare('select count(*) from audit_events').pluck().get()).toBe(7)
    expect(verify()).toMatchObject({ verified: 7, fault: null })
  })

  it('is whole after all lines have expired but the newest', () => {
    const { write, verify } = openLog()
    write({ at: now + 300 * day })
    expect(verify()).toMatchObject({ verified: 1, first: { id: 7 }, fault: null })
  })

  it('deletes no more than twenty lines with one commit, and the others with the next ones', () => {
    const { database } = openTestDatabase()
    const write = auditOf(database)
    write(...Array.from({ length: 50 }, () => ({})))
    const left = () => database.sqlite.prepare('select count(*) from audit_events').pluck().get()
    for (const [expected, ms] of [
      [31, 0],
      [12, 1],
      [3, 2],
    ] as const) {
      write({ at: now + 190 * day + ms })
      expect(left()).toBe(expected)
      expect(verifyAudit(database, auditKeys).fault).toBeNull()
    }
  })

  it('cannot be checked, or gone on with, under another SECRET_KEY', async () => {
    const { database } = openLog()
    const keys = createAuditKeySealer(createRootKey(new Uint8Array(32).fill(1)))
    expect(() => verifyAudit(database, keys)).toThrow()
    const { audit } = createAuditStore(database, {
      appIds: [],
      onError: () => undefined,
      keys,
      now: Date.now,
    })
    await expect(audit.open()).rejects.toThrow()
  })
})

describe('the audit log of an earlier version', () => {
  const rows = `
    insert into users (id, role, created_at) values ('ming', 'user', 1), ('root', 'admin', 1);
    insert into audit_events (at, action, outcome, user_id, operator_id, app_id, address, device) values
      (1, 'sign_in', 'ok', 'ming', null, 'wx1', '203.0.113.7', 'Phone'),
      (2, 'admin.people.view', 'ok', 'ming', 'root', null, '203.0.113.8', null),
      (3, 'account_delete', 'ok', 'gone', null, 'wx1', null, null),
      (4, 'bind', 'ok', 'gone', null, 'wx1', null, null)`

  function migrate() {
    const { old, file } = earlier(10)
    const before = openDatabase(file, old, phones)
    before.sqlite.exec(rows)
    before.close()
    const database = openDatabase(file, migrations, phones)
    onTestFinished(() => database.close())
    return database
  }

  it('has pseudonyms after the migration, and nothing that leads to a user who is gone', () => {
    const { sqlite } = migrate()
    const of = sqlite.prepare<[string], string>(
      'select pseudonym from audit_subjects where user_id = ?',
    )
    const [ming, root] = [of.pluck().get('ming'), of.pluck().get('root')]
    for (const pseudonym of [ming, root]) expect(pseudonym).toMatch(/^p-[0-9a-f]{32}$/)
    expect(of.pluck().get('gone')).toBeUndefined()
    const lines = sqlite.prepare('select * from audit_events order by id').all() as {
      user_id: string
    }[]
    const gone = lines[2]?.user_id
    expect(gone).toMatch(/^p-[0-9a-f]{32}$/)
    const rest = { operator_id: null, is_read: 0, count: 1, mac: null }
    expect(lines).toMatchObject([
      { id: 1, at: 1, ...rest, user_id: ming, address: '203.0.113.7', device: 'Phone' },
      { id: 2, at: 2, ...rest, user_id: ming, operator_id: root, is_read: 1 },
      { id: 3, at: 3, ...rest, user_id: gone },
      { id: 4, at: 4, ...rest, user_id: gone },
    ])
  })

  it('is not verified, and the lines after it are', () => {
    const database = migrate()
    expect(verifyAudit(database, auditKeys)).toMatchObject({ earlier: 4, fault: null })
    auditOf(database)({ at: 10 }, { at: 11 })
    expect(verifyAudit(database, auditKeys)).toMatchObject({
      verified: 2,
      earlier: 4,
      first: { id: 5, at: 10 },
      fault: null,
    })
    // A line that had a MAC is none of an earlier version.
    database.sqlite.exec('update audit_events set mac = null where id = 5')
    expect(verifyAudit(database, auditKeys).fault).toMatchObject({ kind: 'line', place: { id: 5 } })
  })
})
