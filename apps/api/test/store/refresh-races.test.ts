import { expect, it, onTestFinished } from 'vitest'
import { createIdentityStore, createSessionStore } from '../../src/store/sqlite/index.ts'
import { openTestDatabase } from '../database.ts'

const now = 1_800_000_000_000

/** The session stores of two processes over one database file, and a session that was opened through the first. */
async function startTwoNodes() {
  const { database, openAgain } = openTestDatabase()
  const other = openAgain()
  onTestFinished(() => other.close())
  const session = {
    ...{ id: 's', appId: 'wx1', device: null, secret: 'secret' },
    ...{ createdAt: now, expiresAt: now + 1_000_000 },
  }
  const key = { sealed: 'sealed', fingerprint: 'fingerprint' }
  await createIdentityStore(database).register({
    claim: { identity: { appId: 'wx1', openid: 'o', unionid: null, key }, ticketHash: null },
    user: { id: 'u', account: null, accountKey: null, passwordHash: null, createdAt: now },
    session,
  })
  const nodes = [createSessionStore(database), createSessionStore(other)]
  const refresh = (node: number, counter: number, wasNewest = false) =>
    nodes[node % 2]?.refresh({
      ...{
        sessionId: 's',
        presented: { counter, variant: 0, wasNewest },
        now,
        expiresAt: now + 1_000_000,
      },
      secret: 'unused',
    })
  const race = (counter: number, wasNewest = false) =>
    Promise.all(Array.from({ length: 32 }, (_, index) => refresh(index, counter, wasNewest)))
  return { nodes, refresh, race }
}

it('of calls that race on two nodes one rotates, and no two repeats of a run get one variant', async () => {
  const { race } = await startTwoNodes()
  const statuses = (results: Awaited<ReturnType<typeof race>>) =>
    results.filter((result) => result?.status === 'rotated').length
  const first = await race(0)
  expect(statuses(first)).toBe(1)
  expect(
    new Set(first.map((result) => JSON.stringify(result && 'issued' in result && result.issued)))
      .size,
  ).toBe(1)
  const second = await race(1)
  expect(statuses(second)).toBe(1)
  const variants = second.map((result) => result && 'issued' in result && result.issued.variant)
  expect(new Set(variants).size).toBe(32)
})

it('of calls on two nodes that have read the session while their token was the newest, all get one successor', async () => {
  const { race } = await startTwoNodes()
  for (let counter = 0; counter < 20; counter++) {
    const results = (await race(counter, true)).map((result) =>
      result && 'issued' in result ? result : null,
    )
    expect(results.filter((result) => result?.status === 'rotated')).toHaveLength(1)
    expect(results.filter((result) => result?.status === 'overlapping')).toHaveLength(31)
    expect(new Set(results.map((result) => JSON.stringify(result?.issued))).size).toBe(1)
  }
})

it('a session that one node ends is not brought back by a refresh on another', async () => {
  const { nodes, refresh } = await startTwoNodes()
  for (let round = 0; round < 5; round++) await refresh(round, round)
  const [ended] = await Promise.all([
    nodes[0]?.end({ id: 's', userId: 'u' }),
    refresh(1, 5),
    refresh(0, 5),
  ])
  expect(ended).toBe(true)
  for (const node of nodes) expect(await node.findRecord('s')).toBeNull()
  expect(await refresh(1, 6)).toEqual({ status: 'not_found' })
})
