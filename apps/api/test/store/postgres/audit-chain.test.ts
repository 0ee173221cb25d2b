import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { emptyDatabase } from '../../../testing/postgres/empty-database.ts'
import { createTestDatabase, describePostgres } from '../../../testing/postgres/test-database.ts'
import { day, event, now, openAuditNode } from './audit-nodes.ts'

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

describePostgres('the chain of the audit log on PostgreSQL', () => {
  let url: string
  let other: pg.Client
  beforeAll(async () => {
    url = await createTestDatabase()
    other = new pg.Client(url)
    await other.connect()
  })
  beforeEach(() => emptyDatabase(other))
  afterAll(() => other?.end())

  /** A log of six lines, a second apart, each written with its own commit. */
  async function openLog() {
    const node = await openAuditNode(url)
    await node.audit.open()
    for (let index = 0; index < 6; index++) await node.write({ at: now + index * 1_000 })
    expect(node.errors).toEqual([])
    return { ...node, verify: node.audit.verify }
  }
  const column = async (sql: string): Promise<unknown[]> =>
    (await other.query({ text: sql, rowMode: 'array' })).rows.map(([value]) => value)

  it('is whole, from the first line to the last', async () => {
    expect(await (await openLog()).verify()).toEqual(whole(1, 6))
  })

  it('is whole where nothing was written yet', async () => {
    const { audit } = await openAuditNode(url)
    const nothing = { ...whole(1, 0), first: null, last: null, mac: null }
    expect(await audit.verify()).toEqual(nothing)
    await audit.open()
    expect(await audit.verify()).toEqual(nothing)
  })

  it('goes on over nodes that write by turns, or twice in a row', async () => {
    const [first, second] = [await openAuditNode(url), await openAuditNode(url)]
    for (const { audit } of [first, second]) await audit.open()
    for (const node of [first, first, second, first, second, second, second, first])
      await node.write({ userId: 'ming' }, { userId: 'hong' })
    expect(await second.audit.verify()).toMatchObject({ verified: 16, fault: null })
    expect(await column('select sum(count) from daily_counts')).toEqual(['16'])
  })

  it('is whole over many pages, while a node writes', async () => {
    const { audit, write } = await openLog()
    await write(...Array.from({ length: 5_000 }, () => ({ at: now + 6_000 })))
    const verified = audit.verify()
    await write(...Array.from({ length: 100 }, () => ({ at: now + 7_000 })))
    expect((await verified).fault).toBeNull()
    expect(await audit.verify()).toMatchObject({ verified: 5_106, fault: null })
  })

  it.each([
    'at = at + 1',
    "action = 'bind'",
    "outcome = 'unbound'",
    "user_id = 'hong'",
    "operator_id = 'root'",
    'app_id = null',
    "address = '203.0.113.8'",
    "device = device || ' '",
    'is_read = 1',
    'count = 2',
    'mac = null',
    String.raw`mac = '\x00'`,
  ])('shows an altered line: %s', async (change) => {
    const { verify } = await openLog()
    await other.query(`update audit_events set ${change} where id = 3`)
    expect(await verify()).toMatchObject({
      verified: 2,
      fault: { kind: 'line', place: { id: 3 }, after: { id: 2 } },
    })
  })

  it.each([
    ['in the middle', 3, brokenAt(4, 2)],
    ['at the beginning', 1, brokenAt(2, null)],
    ['at the end', 6, { kind: 'end', newestId: 6, after: { id: 5, at: now + 4_000 } }],
  ])('shows a line that was deleted %s', async (_where, id, fault) => {
    const { verify } = await openLog()
    await other.query(`delete from audit_events where id = ${id}`)
    expect((await verify()).fault).toEqual(fault)
  })

  it('shows that all lines were deleted, also when others come after', async () => {
    const { write, verify } = await openLog()
    await other.query('delete from audit_events')
    expect((await verify()).fault).toEqual({ kind: 'end', newestId: 6, after: null })
    await write({ at: now + 6_000 })
    expect((await verify()).fault).toEqual(brokenAt(7, null))
  })

  it.each([
    ['before the first', -3],
    ['at the place of none', 0],
    ['after the last', 7],
  ])('shows a line that was inserted %s', async (_where, id) => {
    const { write, verify } = await openLog()
    const columns = 'at, action, outcome, user_id, app_id, address, device, mac'
    await other.query(
      `insert into audit_events (id, ${columns}) select ${id}, ${columns} from audit_events where id = 6`,
    )
    expect((await verify()).fault).toMatchObject({ kind: 'line', place: { id } })
    await other.query(`update audit_events set mac = null where id = ${id}`)
    await write({ at: now + 9_000 })
    expect((await verify()).fault).toMatchObject({ kind: 'line', place: { id } })
  })

  it.each([
    'head_id = 5',
    'head_state = anchor_state',
    'anchor_id = 3',
    'anchor_state = head_state',
    'anchor_seal = head_state',
    'unchained_until = 3',
  ])('shows an altered record of the chain: %s', async (change) => {
    const { verify } = await openLog()
    await other.query(`update audit_chain set ${change}`)
    expect((await verify()).fault).not.toBeNull()
  })

  it('shows that the lines of one user were given to another', async () => {
    await other.query("insert into users (id, created_at) values ('ming', 1), ('hong', 1)")
    const { audit, write } = await openAuditNode(url)
    await audit.open()
    await write({ userId: 'ming' }, { userId: 'hong', adminId: 'ming' })
    expect(await audit.verify()).toMatchObject({ verified: 2, fault: null })
    await other.query("update audit_subjects set pseudonym = 'x' where user_id = 'ming'")
    expect((await audit.verify()).fault).toEqual({ kind: 'subject', pseudonym: 'x' })
    await other.query('delete from users')
    expect((await audit.verify()).fault).toBeNull()
  })

  it('shows that the record of the chain was deleted, also when a new one was started', async () => {
    const { verify } = await openLog()
    await other.query('delete from audit_chain')
    expect((await verify()).fault).toEqual({ kind: 'no_chain' })
    const later = await openAuditNode(url)
    await later.audit.open()
    await later.write({ at: now + 6_000 })
    expect((await later.audit.verify()).fault).toMatchObject({ kind: 'line', place: { id: 1 } })
  })

  it('refuses a line where the record of the chain is lost', async () => {
    const { audit } = await openAuditNode(url)
    await audit.open()
    await other.query('delete from audit_chain')
    await expect(audit.write(event)).rejects.toThrow('audit_chain')
    expect(await column('select count(*) from audit_events')).toEqual(['0'])
  })

  it('keeps any text as its MAC was made over it', async () => {
    const { audit, write, errors } = await openAuditNode(url)
    await audit.open()
    const device = '\uD800 \uDC00 \u0000 😀 " \\'
    await write({ appId: '\uDFFF', origin: { address: '::1', device } })
    expect(errors).toEqual([])
    expect(await audit.verify()).toMatchObject({ verified: 1, fault: null })
  })

  it('is whole after the oldest lines have expired', async () => {
    const { write, verify } = await openLog()
    await write({ at: now + 190 * day + 2_000 })
    expect(await column('select id from audit_events order by id')).toEqual(['4', '5', '6', '7'])
    expect(await verify()).toMatchObject({ verified: 4, first: { id: 4 }, fault: null })
    await other.query('delete from audit_events where id = 4')
    expect((await verify()).fault).toMatchObject({ kind: 'line', place: { id: 5 }, after: null })
  })

  it('cannot be checked, or gone on with, under another SECRET_KEY', async () => {
    await openLog()
    const { audit } = await openAuditNode(url, { secretKey: 1 })
    await expect(audit.verify()).rejects.toThrow()
    await expect(audit.open()).rejects.toThrow()
  })

  it('takes the lines that commands have left, each once', async () => {
    const { audit, verify } = await openLog()
    const command = { ...event, action: 'command.setPassword', appId: null } as const
    for (const userId of ['a', 'b']) await audit.leave({ ...command, userId })
    await other.query(
      `insert into audit_inbox (event) values ('{"action":"sign_in"}'), ('nonsense')`,
    )
    await Promise.all([audit.takeInbox(), audit.takeInbox(), audit.takeInbox()])
    expect(await column('select user_id from audit_events where id > 6 order by id')).toEqual([
      'a',
      'b',
    ])
    expect(await column('select count(*) from audit_inbox')).toEqual(['0'])
    expect(await verify()).toMatchObject({ verified: 8, fault: null })
  })
})
