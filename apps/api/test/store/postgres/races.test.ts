import { beforeAll, expect, it } from 'vitest'
import { isolateUsers } from '../../../src/store/postgres/connection/index.ts'
import { createTestDatabase, describePostgres } from '../../../testing/postgres/test-database.ts'
import {
  countDeadlocks,
  newIdentity,
  newSession,
  now,
  openClient,
  openNodes,
  race,
  register,
  rules,
  signIn,
  type TestNode,
  unique,
  useOf,
} from './nodes.ts'

const statusOf = (result: { status: string }): string => result.status
const count = (values: readonly string[], value: string): number =>
  values.filter((each) => each === value).length

describePostgres('four nodes on one PostgreSQL database', () => {
  let url = ''
  beforeAll(async () => {
    url = await createTestDatabase({ durable: true })
  })

  const at = (nodes: readonly TestNode[], index: number): TestNode => {
    const node = nodes[index % nodes.length]
    if (node === undefined) throw new Error('no node')
    return node
  }

  it('of 64 refreshes of one token one rotates, and every other caller gets its successor', async () => {
    const nodes = await openNodes(url, 4)
    for (let round = 0; round < 25; round++) {
      const { session } = await register(at(nodes, round))
      const request = {
        sessionId: session.id,
        presented: { counter: 0, variant: 0, wasNewest: false },
        now,
      }
      const results = await race(64, (index) =>
        at(nodes, index).stores.sessions.refresh({
          ...{ ...request, expiresAt: session.expiresAt + 1, secret: 'unused' },
        }),
      )
      expect(count(results.map(statusOf), 'rotated')).toBe(1)
      expect(count(results.map(statusOf), 'repeated')).toBe(63)
      for (const result of results)
        expect(result).toMatchObject({ issued: { counter: 1, variant: 0 } })
    }
  })

  it('64 refreshes that read one token as the newest have one successor in a run of repeats, 100 times', async () => {
    const nodes = await openNodes(url, 4)
    const { session } = await register(at(nodes, 0))
    const { sessions } = at(nodes, 0).stores
    const refresh = (index: number, counter: number, wasNewest: boolean) =>
      at(nodes, index).stores.sessions.refresh({
        ...{ sessionId: session.id, presented: { counter, variant: 0, wasNewest } },
        ...{ now, expiresAt: session.expiresAt, secret: 'unused' },
      })
    for (let counter = 0; counter < 100; counter++) {
      const results = await race(64, (index) => refresh(index, counter, true))
      expect(count(results.map(statusOf), 'rotated')).toBe(1)
      expect(count(results.map(statusOf), 'overlapping')).toBe(63)
      for (const result of results)
        expect(result).toMatchObject({ issued: { counter: counter + 1, variant: 0 } })
      expect((await sessions.findRecord(session.id))?.variants).toBe(1)
      // A later call keeps the run of repeats going.
      if (counter % 2 === 0) await refresh(0, counter, false)
    }
  })

  it('no two repeats of a run get one variant', async () => {
    const nodes = await openNodes(url, 4)
    const { session } = await register(at(nodes, 0))
    const refresh = (index: number, counter: number, variant = 0) =>
      at(nodes, index).stores.sessions.refresh({
        ...{
          sessionId: session.id,
          presented: { counter, variant, wasNewest: false },
          now,
          secret: 'unused',
        },
        expiresAt: session.expiresAt,
      })
    await race(2, (index) => refresh(index, 0))
    const results = await race(32, (index) => refresh(index, 1))
    expect(count(results.map(statusOf), 'rotated')).toBe(1)
    const variants = results.map((result) => 'issued' in result && result.issued.variant)
    expect(new Set(variants).size).toBe(32)
  })

  it('no session outlives the disabling of its user, and no sign-in of another user is lost', async () => {
    const nodes = await openNodes(url, 4)
    const client = await openClient(url)
    for (let round = 0; round < 40; round++) {
      const people = await race(8, (index) => register(at(nodes, index)))
      const victim = people[round % 8]?.userId ?? ''
      const enter = (index: number) =>
        Promise.all(people.map(({ identity }) => signIn(at(nodes, index), identity)))
      const disable = at(nodes, 3).postgres.transaction([], async (tx) => {
        await isolateUsers(tx, [victim])
        await tx.run('update users set disabled_at = $2 where id = $1', [victim, now])
        await tx.run('delete from sessions where user_id = $1', [victim])
      })
      const [first, , second] = await Promise.all([enter(0), disable, enter(1)])
      const others = [...first, ...second].filter(
        (result) => result.status !== 'bound' || result.user.id !== victim,
      )
      expect(count(others.map(statusOf), 'bound')).toBeGreaterThanOrEqual(14)
      const { rows } = await client.query('select 1 from sessions where user_id = $1', [victim])
      expect(rows).toHaveLength(0)
    }
  })

  it('of unbindings that race for the last two identities one gets "last"', async () => {
    const nodes = await openNodes(url, 4)
    for (let round = 0; round < 20; round++) {
      const { userId } = await register(at(nodes, round))
      await at(nodes, 0).postgres.writes.run(
        'update users set password_hash = null where id = $1',
        [userId],
      )
      const claim = { identity: newIdentity({ appId: 'wx2' }), ticketHash: null }
      const session = newSession({ appId: 'wx2' })
      const bound = await at(nodes, round).stores.identities.bind({
        ...{ claim, userId, passwordHash: null, session },
      })
      expect(bound.status).toBe('bound')
      const results = await race(4, (index) =>
        at(nodes, index).stores.identities.unbind({
          ...{
            userId,
            appId: index % 2 === 0 ? 'wx1' : 'wx2',
            everywhere: false,
            caller: null,
            rules,
          },
        }),
      )
      expect(count(results, 'unbound')).toBe(1)
      expect(await at(nodes, 0).stores.identities.list(userId)).toHaveLength(1)
    }
  })

  it('two users who show one unionid at once are recorded as a conflict', async () => {
    const nodes = await openNodes(url, 4)
    const client = await openClient(url)
    for (let round = 0; round < 20; round++) {
      const unionid = unique('unionid')
      const people = [await register(at(nodes, 0)), await register(at(nodes, 1))]
      const results = await Promise.all(
        people.map(({ identity }, index) => signIn(at(nodes, index), { ...identity, unionid })),
      )
      expect(results.map(statusOf)).toEqual(['bound', 'bound'])
      const found = await client.query('select 1 from unionid_conflicts where unionid = $1', [
        unionid,
      ])
      expect(found.rows).toHaveLength(1)
    }
    expect((await client.query('select 1 from locks')).rows).toHaveLength(0)
  })

  it('a code reaches WeChat once, and a limit lets its number through', async () => {
    const nodes = await openNodes(url, 4)
    for (let round = 0; round < 20; round++) {
      const code = unique('wx1 code')
      const claims = await race(64, (index) => at(nodes, index).stores.codes.claim(code, now))
      expect(claims.filter(Boolean)).toHaveLength(1)
      const identity = newIdentity()
      const use = { ...useOf(identity), limit: 10 }
      const uses = await race(64, (index) => at(nodes, index).stores.limits.spend(use))
      expect(uses.filter((refused) => refused === null)).toHaveLength(10)
    }
  })

  it('everything at once makes no deadlock', async () => {
    const nodes = await openNodes(url, 4)
    const client = await openClient(url)
    const people = await race(12, (index) =>
      register(
        at(nodes, index),
        newIdentity({ unionid: index % 3 === 0 ? null : `u${index % 2}` }),
      ),
    )
    const random = (most: number): number => Math.floor(Math.random() * most)
    const one = () => people[random(people.length)] ?? people[0]
    const outcomes = new Map<string, number>()
    const act = async (index: number): Promise<string> => {
      const { stores } = at(nodes, index)
      const person = one()
      if (person === undefined) throw new Error('no person')
      const { identity, userId, session } = person
      const kind = random(10)
      if (kind < 5) return (await signIn(at(nodes, index), fresh(identity, kind))).status
      if (kind === 5) {
        const presented = { counter: random(3), variant: 0, wasNewest: false }
        const { expiresAt } = session
        return (
          await stores.sessions.refresh({
            ...{ sessionId: session.id, presented, now, expiresAt, secret: 'x' },
          })
        ).status
      }
      if (kind === 6) {
        const ticketed = { ...identity, appId: 'wx2', openid: `2 ${identity.openid}` }
        const hash = unique('ticket')
        await stores.tickets.issue({ hash, identity: ticketed, expiresAt: now + 60_000 }, now)
        const claim = { identity: ticketed, ticketHash: hash }
        const other = one() ?? person
        return (
          await stores.identities.bind({
            ...{ claim, userId: other.userId, passwordHash: 'hash' },
            session: newSession({ appId: 'wx2' }),
          })
        ).status
      }
      if (kind === 7)
        return stores.identities.unbind({
          ...{ userId, appId: 'wx2', everywhere: random(2) === 0, caller: null, rules },
        })
      if (kind === 8)
        return (
          await stores.identities.signUp({
            identity: { ...identity, appId: 'wx3', openid: `3 ${random(12)}` },
            user: {
              ...{ id: unique('auto'), account: null, accountKey: null, passwordHash: null },
              createdAt: now,
            },
            session: newSession({ appId: 'wx3' }),
          })
        ).status
      return at(nodes, index).postgres.transaction([], async (tx) => {
        await isolateUsers(tx, [userId])
        await tx.run('update users set disabled_at = $2 where id = $1', [
          userId,
          random(2) ? now : null,
        ])
        await tx.run(
          'delete from sessions where id in (select id from sessions where user_id = $1 order by id for update)',
          [userId],
        )
        return 'switched'
      })
    }
    await race(32, async (index) => {
      for (let turn = 0; turn < 30; turn++) {
        const outcome = await act(index + turn).catch((error: Error) => error.message)
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      }
    })
    const faults = [...outcomes.keys()].filter(
      (outcome) => outcome.includes(' ') && !outcome.startsWith('overloaded: database'),
    )
    expect(faults).toEqual([])
    expect(outcomes.get('bound')).toBeGreaterThan(100)
    expect(nodes.flatMap(({ postgres }) => [...postgres.metrics.retries.keys()])).not.toContain(
      '40P01',
    )
    expect(await countDeadlocks(client)).toBe(0)
  })
})

/** Sometimes WeChat returns a new session key, and sometimes a unionid. */
const fresh = (identity: ReturnType<typeof newIdentity>, kind: number) =>
  kind === 0
    ? { ...identity, key: { sealed: unique('sealed'), fingerprint: unique('fingerprint') } }
    : kind === 1
      ? { ...identity, unionid: 'u0' }
      : identity
