import { readFileSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findPostgres } from '../../../testing/postgres/binaries.ts'
import { type Cluster, startCluster } from '../../../testing/postgres/cluster.ts'
import { migrateDatabase } from '../../../testing/postgres/migrate-database.ts'
import { describePostgres } from '../../../testing/postgres/test-database.ts'
import {
  now,
  openClient,
  openNode,
  type Person,
  race,
  register,
  signIn,
  type TestNode,
} from './nodes.ts'

/**
 * In how many seconds the system asks the other end of each connection of this machine to a port:
 * https://www.kernel.org/doc/Documentation/networking/proc_net_tcp.txt
 */
function keepAliveTimers(port: number): number[] {
  const remote = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , to, state]) => to === remote && state === '01')
    .map(([, , , , , timer = '']) => timer.split(':'))
    .filter(([kind]) => kind === '02')
    .map(([, ticks = '']) => Number.parseInt(ticks, 16) / 100)
}

const isOverloaded = (error: { reason?: unknown }): string => {
  if (error.reason === 'overloaded') return 'overloaded'
  throw error
}

describePostgres('a PostgreSQL server that fails', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster({ bin: findPostgres() ?? '' })
    await migrateDatabase(cluster.url('postgres'))
  })
  afterAll(() => cluster?.stop())
  const url = (): string => cluster.url('postgres')

  /** Ends the test's connection where the server ended it. */
  const setting = async (target: string, name: string, value: string | null): Promise<void> => {
    const client = new pg.Client(target)
    await client.connect()
    await client.query(
      value === null ? `alter system reset ${name}` : `alter system set ${name} = ${value}`,
    )
    await client.query('select pg_reload_conf()')
    await client.end()
  }
  const readOnly = (target: string, isOn: boolean): Promise<void> =>
    setting(target, 'default_transaction_read_only', isOn ? 'on' : null)

  it('ends no process when it closes all connections, twenty times', async () => {
    const node = await openNode(url())
    const { session } = await register(node)
    // Its sign-ins end its oldest sessions.
    const { identity } = await register(node)
    const client = await openClient(url())
    for (let round = 0; round < 20; round++) {
      const calls = race(20, (index) =>
        (index % 2 === 0
          ? node.stores.sessions.find(session.id).then((found) => (found ? 'found' : 'lost'))
          : signIn(node, identity).then(({ status }) => status)
        ).catch(isOverloaded),
      )
      await client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'mianmi' and pid <> pg_backend_pid()`,
      )
      for (const outcome of await calls) expect(outcome).toMatch(/^(found|bound|overloaded)$/)
      await expect
        .poll(() => signIn(node, identity).then(({ status }) => status, isOverloaded))
        .toBe('bound')
    }
    expect(node.postgres.metrics.inFlight).toBe(0)
  })

  it('ends no process when it closes a connection between two statements of a transaction', async () => {
    const { postgres } = await openNode(url())
    const client = await openClient(url())
    const refused = postgres.transaction([], async (tx) => {
      const row = await tx.first<{ pid: number }>('select pg_backend_pid() as pid')
      await client.query('select pg_terminate_backend($1)', [row?.pid])
      const isGone = () => client.query('select 1 from pg_stat_activity where pid = $1', [row?.pid])
      await expect.poll(async () => (await isGone()).rows).toEqual([])
      await tx.run('select 1')
    })
    await expect(refused).rejects.toMatchObject({ reason: 'overloaded', retryAfter: 1 })
    expect(await postgres.transaction([], (tx) => tx.run('select 1'))).toBe(1)
  })

  it('that takes no writes for a while is refused, and used again when it takes them', async () => {
    const node = await openNode(url())
    const { identity, session } = await register(node)
    await readOnly(url(), true)
    const write = () => signIn(node, identity).then(({ status }) => status, isOverloaded)
    await expect.poll(write).toBe('overloaded')
    // Its reads may be old, so they are refused too once a write has shown it.
    await expect
      .poll(() => node.stores.sessions.find(session.id).then(() => 'found', isOverloaded))
      .toBe('overloaded')
    await readOnly(url(), false)
    await expect.poll(write).toBe('bound')
    expect(await node.stores.sessions.find(session.id)).not.toBeNull()
  })

  it('that crashes during refreshes loses none of their tokens', async () => {
    const node = await openNode(url())
    const people = await race(50, () => register(node))
    const refresh = ({ session }: (typeof people)[number]) =>
      node.stores.sessions
        .refresh({
          ...{
            sessionId: session.id,
            presented: { counter: 0, variant: 0, wasNewest: false },
            now,
            secret: 'unused',
          },
          expiresAt: session.expiresAt,
        })
        .then(({ status }) => status, isOverloaded)
    const client = await openClient(url())
    const { rows } = await client.query<{ pid: number }>(
      "select pid from pg_stat_activity where application_name = 'mianmi' limit 1",
    )
    const calls = Promise.all(
      people.flatMap((person) => [person, person, person, person]).map(refresh),
    )
    // The server ends every connection then, and recovers from its log.
    process.kill(rows[0]?.pid ?? 0, 'SIGKILL')
    for (const outcome of await calls) expect(outcome).toMatch(/^(rotated|repeated|overloaded)$/)
    for (const person of people)
      await expect.poll(() => refresh(person)).toMatch(/^(rotated|repeated)$/)
    for (const { session } of people)
      expect(await node.stores.sessions.findRecord(session.id)).toMatchObject({ counter: 1 })
  })

  it('that is silent costs its callers a refusal, and no connection for long', async () => {
    const node = await openNode(url())
    const { session } = await register(node)
    const find = () =>
      node.stores.sessions
        .find(session.id)
        .then((found) => (found ? 'found' : 'lost'), isOverloaded)
    expect(await find()).toBe('found')
    const client = await openClient(url())
    const { rows } = await client.query<{ pid: number }>(
      "select pid from pg_stat_activity where application_name = 'mianmi' and query like '%from sessions s join users%'",
    )
    for (const { pid } of rows) process.kill(pid, 'SIGSTOP')
    const outcomes = await race(8, find)
    expect(outcomes).toContain('overloaded')
    await expect.poll(find).toBe('found')
    for (const { pid } of rows) process.kill(pid, 'SIGCONT')
  })

  it('ends the statements that a node has given up, which would take all its connections', async () => {
    const node = await openNode(`${url()}?timeout=300`)
    const { session, identity } = await register(node)
    const client = await openClient(url())
    const waiting = async (): Promise<number> => {
      const { rows } = await client.query<{ count: number }>(
        `select count(*)::int as count from pg_stat_activity
         where application_name = 'mianmi' and wait_event_type = 'Lock'`,
      )
      return rows[0]?.count ?? 0
    }
    // As `VACUUM FULL` does.
    await client.query('begin')
    await client.query('lock table sessions, identities in access exclusive mode')
    const calls = [
      () => node.stores.sessions.find(session.id),
      () => node.stores.sessions.list('nobody', now),
      () => signIn(node, identity),
      () => node.stores.identities.findOwner(identity),
    ]
    for (let round = 0; round < 3; round++)
      for (const call of calls) await expect(call()).rejects.toMatchObject({ reason: 'overloaded' })
    await expect.poll(waiting, { timeout: 10_000 }).toBe(0)
    await client.query('commit')
    expect(await node.stores.sessions.find(session.id)).not.toBeNull()
  })

  it.runIf(process.platform === 'linux')(
    'is asked on idle connections whether it is there',
    async () => {
      const node = await openNode(url())
      await register(node)
      await expect.poll(() => keepAliveTimers(cluster.port).length).toBeGreaterThan(0)
      for (const seconds of keepAliveTimers(cluster.port)) expect(seconds).toBeLessThanOrEqual(60)
    },
  )

  it('is found where the primary is the second of two hosts, and after they changed their roles', async () => {
    const other = await startCluster({ bin: findPostgres() ?? '', durable: false })
    try {
      await migrateDatabase(other.url('postgres'))
      await readOnly(url(), true)
      const both = `postgres://mianmi@127.0.0.1:${cluster.port},127.0.0.1:${other.port}/postgres`
      const { postgres } = await openNode(both)
      const port = () =>
        postgres.writes
          .first<{ port: number }>('select inet_server_port() as port')
          .then((row) => row?.port, isOverloaded)
      expect(await port()).toBe(other.port)
      await readOnly(url(), false)
      await readOnly(other.url('postgres'), true)
      // A write shows that the server takes none.
      const write = () =>
        postgres.writes.run('create table if not exists written (a int)').then(port, isOverloaded)
      await expect.poll(write).toBe(cluster.port)
      await readOnly(url(), true)
      await readOnly(other.url('postgres'), false)
      await expect.poll(write).toBe(other.port)
    } finally {
      await readOnly(url(), false)
      await other.stop()
    }
  })
})

describePostgres('a PostgreSQL server with ten connections', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster({
      bin: findPostgres() ?? '',
      durable: false,
      settings: ['max_connections=10'],
    })
    await migrateDatabase(cluster.url('postgres'))
  })
  afterAll(() => cluster?.stop())

  it('serves four nodes with eight each: a call is done or refused as overloaded', async () => {
    const url = cluster.url('postgres')
    const nodes: TestNode[] = []
    for (let index = 0; index < 4; index++) nodes.push(await openNode(url))
    const [first] = nodes
    if (first === undefined) throw new Error('no node')
    const people: Person[] = []
    for (let index = 0; index < 8; index++) people.push(await register(first))
    const outcomes = await race(400, async (index) => {
      const [node, person] = [nodes[index % 4] ?? first, people[index % 8]]
      if (person === undefined) throw new Error('no person')
      const call =
        index % 3 === 0
          ? signIn(node, person.identity).then(({ status }) => status)
          : index % 3 === 1
            ? node.stores.sessions
                .find(person.session.id)
                .then((found) => (found ? 'found' : 'lost'))
            : register(node).then(() => 'registered')
      return call.catch(isOverloaded)
    })
    for (const outcome of outcomes) expect(outcome).toMatch(/^(bound|found|registered|overloaded)$/)
    // How many are done depends on the machine.
    for (const kind of ['bound', 'found', 'registered']) expect(outcomes).toContain(kind)
  })
})
