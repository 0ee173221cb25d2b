import { beforeAll, expect, it } from 'vitest'
import { createTestDatabase, describePostgres } from '../../../testing/postgres/test-database.ts'
import {
  newIdentity,
  newSession,
  now,
  openClient,
  openNode,
  openNodes,
  race,
  register,
  signIn,
  useOf,
} from './nodes.ts'

describePostgres('calls that share a statement', () => {
  let url = ''
  beforeAll(async () => {
    url = await createTestDatabase()
  })

  it('lookups of one turn are few statements, and each call gets its own session', async () => {
    const node = await openNode(url)
    const people = []
    for (let index = 0; index < 20; index++) people.push(await register(node))
    const ids = people.flatMap(({ session }) => [session.id, 'unknown', session.id])
    const found = await Promise.all(ids.map((id) => node.stores.sessions.find(id)))
    expect(found.map((caller) => caller?.user.id ?? null)).toEqual(
      people.flatMap(({ userId }) => [userId, null, userId]),
    )
    const group = node.postgres.metrics.groups.get('session lookups')
    expect(group?.calls).toBe(60)
    expect(group?.statements).toBeLessThanOrEqual(3)
  })

  it('a revocation is seen by every lookup that begins after it, on every node', async () => {
    const nodes = await openNodes(url, 2)
    const [one, other] = nodes
    if (one === undefined || other === undefined) throw new Error('no nodes')
    let isLive = true
    for (let round = 0; round < 100; round++) {
      const { session, userId } = await register(one)
      // Statements are on their way all the time, so that a lookup could join one that has read already.
      const stop = { now: false }
      const busy = nodes.map(async ({ stores }) => {
        while (!stop.now) await stores.sessions.find(session.id)
      })
      await one.stores.sessions.end({ id: session.id, userId })
      const seen = await race(16, (index) =>
        (index % 2 === 0 ? one : other).stores.sessions.find(session.id),
      )
      isLive = isLive && seen.every((caller) => caller === null)
      stop.now = true
      await Promise.all(busy)
    }
    expect(isLive).toBe(true)
  })

  it('a failing sign-in among 63 good ones fails alone', async () => {
    const node = await openNode(url)
    const people = await race(64, () => register(node))
    const taken = people[63]?.session.id ?? ''
    const results = await Promise.allSettled(
      people.map(({ identity }, index) =>
        // Its id is taken, so its insertion fails, and the statement with it.
        signIn(node, identity, newSession(index === 31 ? { id: taken } : {})),
      ),
    )
    const failed = results.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))
    expect(failed).toEqual([31])
    const opened = results.filter(
      (result) => result.status === 'fulfilled' && result.value.status === 'bound',
    )
    expect(opened).toHaveLength(63)
  })

  it('a sign-in that waits for a lock of another transaction keeps no other one waiting', async () => {
    const node = await openNode(url)
    const people = await race(16, () => register(node))
    const held = people[5]
    if (held === undefined) throw new Error('no person')
    const client = await openClient(url)
    await client.query('begin')
    await client.query('select 1 from users where id = $1 for update', [held.userId])
    const results = await Promise.allSettled(people.map(({ identity }) => signIn(node, identity)))
    await client.query('rollback')
    const refused = results.flatMap((result, index) =>
      result.status === 'rejected' ? [[index, result.reason.reason, result.reason.retryAfter]] : [],
    )
    expect(refused).toEqual([[5, 'overloaded', 1]])
    expect((await signIn(node, held.identity)).status).toBe('bound')
  })

  it('two sign-ins of one identity in one turn see each other', async () => {
    const node = await openNode(url)
    const { identity, userId } = await register(node)
    const keys = ['second', 'third'].map((sealed) => ({ sealed, fingerprint: sealed }))
    await Promise.all([
      signIn(node, (await register(node)).identity),
      ...keys.map((key) => signIn(node, { ...identity, key })),
    ])
    const stored = await node.stores.identities.sessionKeys({ userId, appId: 'wx1' })
    expect(stored?.keys).toEqual(['third', 'second'])
  })

  it('opens no more than a hundred sessions of a user, from two nodes at once', async () => {
    const nodes = await openNodes(url, 2)
    const [node] = nodes
    if (node === undefined) throw new Error('no node')
    const { identity, userId } = await register(node)
    await race(2, async (index) => {
      for (let turn = 0; turn < 60; turn++)
        await signIn(nodes[index] ?? node, identity, newSession({ createdAt: now + turn }))
    })
    const client = await openClient(url)
    const { rows } = await client.query('select 1 from sessions where user_id = $1', [userId])
    expect(rows).toHaveLength(100)
  })

  it('counts a refused use not at all, and tells when the window ends', async () => {
    const nodes = await openNodes(url, 2)
    const identity = newIdentity()
    const use = { ...useOf(identity), limit: 5 }
    const results = await race(
      32,
      (index) =>
        (nodes[index % 2] ?? nodes[0])?.stores.identities.signIn({
          ...{ identity, session: newSession(), use },
        }) ?? Promise.reject(new Error('no node')),
    )
    expect(results.filter(({ status }) => status === 'unbound')).toHaveLength(5)
    expect(results.filter(({ status }) => status === 'limited')).toHaveLength(27)
    for (const result of results)
      if (result.status === 'limited') expect(result.endsAt).toBe(now + use.windowMs)
  })
})
