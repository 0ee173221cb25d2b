import type { Tokens } from '@mianmi/contracts'
import { expect, it } from 'vitest'
import { nodesUnderTest } from '../../test/under-test/database.ts'
import { report, tally } from '../harness/figures.ts'
import { type Harness, startHarness } from '../harness/harness.ts'
import { rounds } from '../harness/run-length.ts'

const concurrency = 64

const refresh = ({ client }: Harness, refreshToken: string) =>
  client.call<Tokens>('session.refresh', { input: { refreshToken } })

async function refreshOnce(harness: Harness, refreshToken: string): Promise<string> {
  const { data, reason } = await refresh(harness, refreshToken)
  if (data === null) throw new Error(`refused: ${reason}`)
  return data.refreshToken
}

/** Session and counter of a refresh token, without its variant; null for a refusal. */
const generationOf = (reply: string): string | null => /^[^.]+\.[0-9a-z]+/.exec(reply)?.[0] ?? null

/**
 * On several nodes the processes of a busy machine may not all be given time before the first one decides. A call that is
 * read after that is a repeat, and gets a variant of the same generation, which is as good. `apps/api/test/store/postgres`
 * and `packages/core` check the successor of calls that overlap, without a clock.
 */
it('64 concurrent refreshes all succeed with the same successor', async () => {
  const harness = await startHarness()
  let { refreshToken } = (await harness.signIn('ming')).tokens
  const wrong: object[] = []
  let refreshRounds = 0
  let roundsWithVariants = 0
  for (const _ of rounds({ short: 10, long: 500 })) {
    const parallel = Array.from({ length: concurrency }, () => refresh(harness, refreshToken))
    const counts = tally(
      (await Promise.all(parallel)).map(({ data, reason }) => data?.refreshToken ?? reason ?? ''),
    )
    const successors = Object.keys(counts)
    const generations = new Set(successors.map(generationOf))
    const [generation = null, ...others] = generations
    const isNext = generation !== null && generation !== generationOf(refreshToken)
    if (others.length > 0 || !isNext) wrong.push(counts)
    if (successors.length > 1) roundsWithVariants += 1
    // A client stores the reply that came last, whichever that is.
    refreshToken = successors[refreshRounds % successors.length] ?? ''
    refreshRounds += 1
  }
  report('parallel refresh', {
    rounds: refreshRounds,
    concurrent: concurrency,
    wrong: wrong.length,
    'with variants': roundsWithVariants,
  })
  expect(wrong).toEqual([])
  if (nodesUnderTest() === 1) expect(roundsWithVariants).toBe(0)
})

it('replaying an older ancestor of a refresh token ends that session and no other', async () => {
  const harness = await startHarness()
  const other = (await harness.signIn('ming')).tokens
  const survived: number[] = []
  let thefts = 0
  for (const round of rounds({ short: 25, long: 1_000 })) {
    const { tokens } = await harness.signIn('ming')
    const stolen = tokens.refreshToken
    let newest = stolen
    for (let step = 0; step < 3 + (round % 3); step++) newest = await refreshOnce(harness, newest)
    const thief = await refresh(harness, stolen)
    const owner = await refresh(harness, newest)
    const me = await harness.client.call('me', { token: tokens.accessToken })
    const reasons = [thief, owner, me].map(({ reason }) => reason)
    if (reasons.some((reason) => reason !== 'unauthenticated')) survived.push(round)
    thefts += 1
  }
  report('theft', { replays: thefts, 'sessions that survived': survived.length })
  expect(survived).toEqual([])
  expect((await harness.client.call('me', { token: other.accessToken })).reason).toBeNull()
})

it('a thief who presents each token that its owner presents is noticed by the fourth use', async () => {
  const harness = await startHarness()
  const uses: number[] = []
  for (const round of rounds({ short: 25, long: 1_000 })) {
    const { tokens } = await harness.signIn(`owner-${round % 50}`)
    const order = round % 2 === 0 ? (['owner', 'thief'] as const) : (['thief', 'owner'] as const)
    const held = { owner: tokens.refreshToken, thief: tokens.refreshToken }
    let used = 0
    let noticed = false
    while (!noticed && used < 20)
      for (const holder of order) {
        if (holder === 'thief') used += 1
        const { data } = await refresh(harness, held[holder])
        noticed = data === null
        if (data === null) break
        held[holder] = data.refreshToken
      }
    const me = await harness.client.call('me', { token: tokens.accessToken })
    uses.push(me.reason === 'unauthenticated' ? used : Number.POSITIVE_INFINITY)
  }
  report('one step behind', { thefts: uses.length, ...tally(uses.map((count) => `${count} uses`)) })
  expect(Math.max(...uses)).toBeLessThanOrEqual(4)
})
