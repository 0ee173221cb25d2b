import { Failure } from '@mianmi/core'
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { lockUsers, runAgain } from '../../../src/store/postgres/connection/index.ts'
import { createTestDatabase, describePostgres } from '../../../testing/postgres/test-database.ts'
import { newIdentity, openClient, openNode, openNodes, race, register, signIn } from './nodes.ts'

describePostgres('a transaction', () => {
  let url = ''
  beforeAll(async () => {
    url = await createTestDatabase({ durable: true })
  })

  it('runs again as a whole when its commit cannot be serialized, and no caller sees it', async () => {
    const node = await openNode(url)
    const client = await openClient(url)
    // The first three commits fail. A sequence is not rolled back.
    await client.query(`create sequence failed_commits;
      create function fail_commit() returns trigger language plpgsql as $$ begin
        if nextval('failed_commits') <= 3 then raise exception 'no' using errcode = '40001'; end if;
        return null; end $$;
      create constraint trigger fail_commit after insert on identities deferrable initially deferred
        for each row execute function fail_commit()`)
    const identity = newIdentity()
    const { userId } = await register(node, identity)
    await client.query('drop trigger fail_commit on identities')
    expect(node.postgres.metrics.retries.get('40001')).toBe(3)
    expect(await node.stores.identities.findOwner(identity)).toBe(userId)
    const { rows } = await client.query('select 1 from identities where user_id = $1', [userId])
    expect(rows).toHaveLength(1)
  })

  it('that asks for another run is counted under one name, whatever its reason', async () => {
    const { postgres } = await openNode(url)
    let runs = 0
    const work = async () => {
      runs += 1
      if (runs < 3) throw runAgain(`reason ${runs}`)
    }
    await postgres.transaction([], work)
    expect([...postgres.metrics.retries]).toEqual([['again', 2]])
  })

  it('gives up after ten runs with "overloaded"', async () => {
    const node = await openNode(url)
    let runs = 0
    const refused = node.postgres.transaction([], async (tx) => {
      runs += 1
      await tx.run("do $$ begin raise exception 'no' using errcode = '40001'; end $$")
    })
    await expect(refused).rejects.toMatchObject({ reason: 'overloaded', retryAfter: 1 })
    expect(runs).toBeGreaterThan(1)
    expect(runs).toBeLessThanOrEqual(10)
  })

  it('whose node stops in the middle holds the others for a second at most', async () => {
    let isStopped = false
    let resume = (): void => {}
    // The process is alive for the server, and sends nothing more.
    const stopping = new Promise<void>((resolve) => {
      resume = resolve
    })
    const stopped = await openNode(url, {
      beforeStatement: (text) => (isStopped && text === 'commit' ? stopping : Promise.resolve()),
    })
    onTestFinished(resume)
    const other = await openNode(url)
    const { identity, userId } = await register(stopped)
    isStopped = true
    void stopped.postgres
      .transaction([], async (tx) => {
        await lockUsers(tx, [userId])
        await tx.run('update users set disabled_at = 1 where id = $1', [userId])
      })
      .catch(() => {})
    const client = await openClient(url)
    await expect
      .poll(
        async () =>
          (await client.query("select 1 from pg_stat_activity where state = 'idle in transaction'"))
            .rows,
      )
      .toHaveLength(1)
    const signedIn = await signIn(other, identity).catch((error: Failure) => error)
    // It was rolled back by the server while the sign-in waited, or the sign-in gave up just before.
    if (signedIn instanceof Failure) expect(signedIn.reason).toBe('overloaded')
    await expect
      .poll(() =>
        signIn(other, identity).then(
          ({ status }) => status,
          () => 'refused',
        ),
      )
      .toBe('bound')
  })

  it('serialises what has no row to lock by its name', async () => {
    const nodes = await openNodes(url, 4)
    const client = await openClient(url)
    await client.query(
      'create table counted (value bigint not null); insert into counted values (0)',
    )
    await race(24, async (index) =>
      nodes[index % 4]?.postgres.transaction(['one', 'another'], async (tx) => {
        const row = await tx.first<{ value: number }>('select value from counted')
        await tx.run('update counted set value = $1', [(row?.value ?? 0) + 1])
      }),
    )
    expect((await client.query('select value::int from counted')).rows).toEqual([{ value: 24 }])
    expect((await client.query('select 1 from locks')).rows).toHaveLength(0)
  })

  it('waits for a name of the same process without a connection', async () => {
    const { postgres } = await openNode(`${url}?pool=3`)
    const order: number[] = []
    await race(16, (index) =>
      postgres.transaction(['one name'], async (tx) => {
        if (index === 0) await tx.run('select pg_sleep(1.2)')
        order.push(index)
      }),
    )
    expect(order).toEqual(Array.from({ length: 16 }, (_, index) => index))
  })

  it('refuses locks in another order than that of all verbs', async () => {
    const { postgres } = await openNode(url)
    const wrong = postgres.transaction([], async (tx) => {
      tx.locking('users')
      tx.locking('identities')
    })
    await expect(wrong).rejects.toThrow('identities must be locked before users')
    const late = postgres.transaction([], async (tx) => {
      tx.locking('tickets')
      await tx.lockNames(['late'])
    })
    await expect(late).rejects.toThrow('names must be locked before tickets')
    const unsorted = postgres.transaction(['phone 1'], (tx) => tx.lockNames(['another']))
    await expect(unsorted).rejects.toThrow('another must be locked before phone 1')
  })
})
