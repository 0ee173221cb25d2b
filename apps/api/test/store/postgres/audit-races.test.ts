import { Failure } from '@mianmi/core'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { rememberSubjects } from '../../../src/store/postgres/audit/subjects.ts'
import { emptyDatabase } from '../../../testing/postgres/empty-database.ts'
import { createTestDatabase, describePostgres } from '../../../testing/postgres/test-database.ts'
import { event, isOverloaded, now, openAuditNode } from './audit-nodes.ts'
import { countDeadlocks } from './nodes.ts'

const nodes = 4

describePostgres('the audit log of several nodes', () => {
  let url: string
  let other: pg.Client
  beforeAll(async () => {
    url = await createTestDatabase({ durable: true })
    other = new pg.Client(url)
    await other.connect()
  })
  beforeEach(() => emptyDatabase(other))
  afterAll(() => other?.end())

  const openNodes = async () => {
    const opened = await Promise.all(
      Array.from({ length: nodes }, (_, part) => openAuditNode(url, { part: part % 2 })),
    )
    const starts = await Promise.all(opened.map(({ audit }) => audit.open()))
    return { opened, starts }
  }
  const addUsers = (count: number) =>
    other.query(
      `insert into users (id, created_at) select 'user ' || n, 1 from generate_series(1, $1::int) n`,
      [count],
    )
  const column = async (sql: string): Promise<unknown[]> =>
    (await other.query({ text: sql, rowMode: 'array' })).rows.map(([value]) => value)

  it('is one chain, which one of the starts at the same time has started', async () => {
    const { starts } = await openNodes()
    expect(starts.map(({ isNew }) => isNew).sort()).toEqual([false, false, false, true])
    expect(await column('select count(*) from audit_chain')).toEqual(['1'])
  })

  it('has every line of all nodes once, in the order of each node, and counts each', async () => {
    const { opened } = await openNodes()
    await addUsers(50)
    const each = 400
    await Promise.all(
      opened.map(async ({ audit }, node) => {
        for (let line = 0; line < each; line++) {
          const userId = `user ${1 + ((line * 7 + node) % 50)}`
          audit.record({ ...event, userId, origin: { address: `${node}`, device: `${line}` } })
          // Others come in between, and some calls wait for their line.
          if (line % 20 === 0) await audit.write({ ...event, action: 'bind', userId })
        }
        await audit.flush()
      }),
    )
    for (const { errors } of opened) expect(errors).toEqual([])
    const bound = nodes * (each / 20)
    expect(await opened[0]?.audit.verify()).toMatchObject({
      verified: nodes * each + bound,
      fault: null,
    })
    for (let node = 0; node < nodes; node++)
      expect(
        await column(`select device::int from audit_events where address = '${node}' order by id`),
      ).toEqual(Array.from({ length: each }, (_, line) => line))
    expect(await column('select sum(count) from daily_counts group by action order by 1')).toEqual([
      String(bound),
      String(nodes * each),
    ])
    // Each user has one pseudonym, whichever node has made it.
    expect(await column('select count(distinct user_id) from audit_events')).toEqual(['50'])
    expect(await countDeadlocks(other)).toBe(0)
  })

  it('holds up no sign-in: a line waits for a user whom a verb holds, and no user for a line', async () => {
    const { opened } = await openNodes()
    await addUsers(2)
    const [first, second] = opened
    if (!first || !second) throw new Error('two nodes')
    const holder = new pg.Client(url)
    await holder.connect()
    await holder.query("begin; select 1 from users where id = 'user 1' for update")
    first.audit.record({ ...event, userId: 'user 1' })
    const written = first.audit.flush()
    const waiting = `select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like 'insert into audit_subjects%'`
    await expect.poll(async () => Number((await column(waiting))[0])).toBe(1)
    // The head of the chain is free meanwhile.
    await second.audit.write({ ...event, userId: 'user 2' })
    await holder.query('commit')
    await holder.end()
    await written
    expect(await first.audit.verify()).toMatchObject({ verified: 2, fault: null })
  })

  it('has the pseudonym of a user whom another node removes while a call is in flight', async () => {
    const { opened } = await openNodes()
    await addUsers(1)
    const [first, second] = opened
    if (!first || !second) throw new Error('two nodes')
    await first.write({ userId: 'user 1' })
    await first.postgres.transaction([], async (tx) => {
      await rememberSubjects(tx, { userIds: ['user 1'], now })
      await tx.run("delete from users where id = 'user 1'")
    })
    await second.write({ userId: 'user 1' })
    const [pseudonym] = await column('select distinct user_id from audit_events')
    expect(await column('select distinct user_id from audit_events')).toHaveLength(1)
    expect(pseudonym).toMatch(/^p-[0-9a-f]{32}$/)
    // After ten minutes nothing links the two.
    await second.postgres.transaction([], (tx) =>
      rememberSubjects(tx, { userIds: [], now: now + 600_000 }),
    )
    expect(await column('select * from audit_removed_subjects')).toEqual([])
  })

  it('keeps lines while the connections break, and writes each once', async () => {
    const { opened } = await openNodes()
    const [node] = opened
    if (!node) throw new Error('a node')
    const kill = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and application_name = 'mianmi'`
    for (let round = 0; round < 20; round++) {
      for (let line = 0; line < 10; line++)
        node.audit.record({ ...event, origin: { address: 'a', device: `${round * 10 + line}` } })
      const flushed = node.audit.flush()
      await other.query(kill)
      await flushed
    }
    await expect
      .poll(async () => {
        await node.audit.flush()
        return column('select device::int from audit_events order by id')
      })
      .toEqual(Array.from({ length: 200 }, (_, line) => line))
    expect(node.errors).toEqual([])
    expect(await node.audit.verify()).toMatchObject({ verified: 200, fault: null })
    expect(await column('select sum(count) from daily_counts')).toEqual(['200'])
  })

  it('writes a batch once whose commit was made and whose reply was lost', async () => {
    let losesReplies = false
    const node = await openAuditNode(url, {
      async runTransaction(run) {
        const result = await run()
        if (losesReplies) throw new Failure('overloaded', { detail: 'the reply was lost' })
        return result
      },
    })
    await node.audit.open()
    losesReplies = true
    await node.write({ outcome: 'ok' }, { outcome: 'unbound' })
    const waited = node.audit.write({ ...event, action: 'bind' })
    node.audit.record({ ...event, action: 'unbind' })
    await expect(waited).rejects.toSatisfy(isOverloaded)
    losesReplies = false
    const second = await openAuditNode(url)
    await second.audit.open()
    await second.write({ action: 'register' })
    await node.audit.flush()
    expect(await column('select action from audit_events order by id')).toEqual([
      'sign_in',
      'sign_in',
      'register',
      'unbind',
    ])
    expect(await column('select sum(count) from daily_counts')).toEqual(['4'])
    expect(await node.audit.verify()).toMatchObject({ verified: 4, fault: null })
  })

  it('writes a batch later that failed before its lines were sent', async () => {
    let isAway = false
    const node = await openAuditNode(url, {
      async runTransaction(run) {
        if (isAway) throw new Failure('overloaded', { detail: 'no connection' })
        return run()
      },
    })
    await node.audit.open()
    await addUsers(1)
    // The second batch is one statement, without a transaction.
    await node.write({ action: 'bind' })
    await node.write({ action: 'unbind' })
    isAway = true
    await node.write({ action: 'register', userId: 'user 1' })
    isAway = false
    await node.audit.flush()
    expect(await column('select action from audit_events order by id')).toEqual([
      'bind',
      'unbind',
      'register',
    ])
  })

  it('tells a caller who waits that the line was not written', async () => {
    const { audit, postgres } = await openAuditNode(url)
    await audit.open()
    await postgres.close()
    await expect(audit.write(event)).rejects.toSatisfy(isOverloaded)
  })
})
