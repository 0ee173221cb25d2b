import { describe, expect, it } from 'vitest'
import {
  createTestService,
  reasonOf,
  registerTestUser,
  type TestService,
  testOrigin,
} from '../../testing/index.ts'
import { decideRotation, firstRotation, type Generation, type Rotation } from './rotation.ts'

const minute = 60_000

/** Random numbers from 0 to 1 that are the same in each run (the generator mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const presentTo =
  ({ users }: TestService) =>
  async (refreshToken: string): Promise<string> =>
    (await users.refresh({ refreshToken, origin: testOrigin })).refreshToken

async function signIn(service: TestService, account: string): Promise<string> {
  const { signedIn } = await registerTestUser(service, { account })
  return signedIn.tokens.refreshToken
}

describe('clients that lose one reply of ten', () => {
  it('are signed out in none of 100,000 refreshes, and lose requests and get late ones too', async () => {
    const service = createTestService()
    const present = presentTo(service)
    const random = createRandom(17)
    const clients = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => ({
        token: await signIn(service, `client-${index}`),
        /** Tokens that the client has sent and may still arrive. */
        underWay: [] as string[],
      })),
    )
    const counts = { refreshes: 0, lostReplies: 0, late: 0 }
    for (let round = 0; round < 2_000; round++) {
      service.clock.advance(15 * minute)
      for (const client of clients) {
        client.underWay = []
        for (let received = false; !received; ) {
          if (random() < 0.05) client.underWay.push(client.token)
          const reply = await present(client.token)
          counts.refreshes += 1
          received = random() >= 0.1
          if (received) client.token = reply
          else counts.lostReplies += 1
        }
        service.clock.advance(random() * 10)
        for (const late of client.underWay) {
          await present(late)
          counts.late += 1
        }
      }
    }
    expect(counts.refreshes).toBeGreaterThan(100_000)
    expect(counts.lostReplies / counts.refreshes).toBeCloseTo(0.1, 2)
    expect(counts.late).toBeGreaterThan(1_000)
    expect(service.events.filter(({ action }) => action === 'refresh_reuse')).toEqual([])
  }, 60_000)
})

describe('a thief who uses any token that it has, at any time and in any order', () => {
  /** Returns how many refreshes the owner completed after a use by the thief. `model/theft.pml` proves the bound. */
  function run(random: () => number): number {
    const first: Generation = { counter: 0, variant: 0 }
    let rotation: Rotation | null = { ...firstRotation, counter: 0, rotatedAt: 0 }
    let now = 0
    let owner = first
    let known: Generation[] = []
    let hasUsed = false
    let rounds = 0
    const present = (token: Generation): Generation | null => {
      if (rotation === null) return null
      const decision = decideRotation(rotation, { ...token, wasNewest: false }, now)
      if (decision.status === 'reused') rotation = null
      if (!('issued' in decision)) return null
      rotation = decision.rotation
      return decision.issued
    }
    for (let step = 0; step < 80 && rotation !== null; step++) {
      const choice = random()
      if (choice < 0.2) now += random() < 0.5 ? minute / 2 : 15 * minute
      else if (choice < 0.6) {
        const reply = present(owner)
        const isLost = random() < 0.2
        if (reply === null || isLost) continue
        owner = reply
        if (hasUsed) rounds += 1
        hasUsed = false
        if (known.length === 0) known = [owner]
      } else {
        // Of its newest tokens: older ones only end the session.
        const token = known.slice(-4)[Math.floor(random() * Math.min(4, known.length))]
        const reply = token === undefined ? null : present(token)
        if (reply === null) continue
        known.push(reply)
        hasUsed = true
      }
    }
    return rounds
  }

  it('is noticed within 5 refreshes of the owner', () => {
    const random = createRandom(5)
    const rounds = Array.from({ length: 50_000 }, () => run(random))
    expect(Math.max(...rounds)).toBeGreaterThan(2)
    expect(Math.max(...rounds)).toBeLessThanOrEqual(5)
  })
})

describe('a thief who presents each token that the owner presents', () => {
  const delays = [0, 1, minute, 5 * minute, 14 * minute]
  const chance = createRandom(3)
  const orders: Record<string, (round: number) => boolean> = {
    'after the owner': () => false,
    'before the owner': () => true,
    'in turn': (round: number) => round % 2 === 1,
    'in random order': () => chance() < 0.5,
  }
  const cases = Object.entries(orders).flatMap(([order, isFirst]) =>
    delays.map((delay) => [order, delay, isFirst] as const),
  )

  it.each(cases)(
    '%s, with a delay of %d ms, is noticed by the fourth use',
    async (...[, delay, isFirst]) => {
      const random = createRandom(delay + 1)
      for (let session = 0; session < 50; session++) {
        const service = createTestService()
        const present = presentTo(service)
        const copied = await signIn(service, 'ming')
        const tokens = { owner: copied, thief: copied }
        let uses = 0
        const use = async (holder: 'owner' | 'thief') => {
          if (holder === 'thief') uses += 1
          const reply = await present(tokens[holder])
          // One of ten replies is lost, and the same token is presented again.
          tokens[holder] =
            holder === 'owner' && random() < 0.1 ? await present(tokens.owner) : reply
        }
        const round = async (number: number): Promise<void> => {
          service.clock.advance(15 * minute - delay)
          const holders = isFirst(number)
            ? (['thief', 'owner'] as const)
            : (['owner', 'thief'] as const)
          await use(holders[0])
          service.clock.advance(delay)
          await use(holders[1])
        }
        let rounds = 0
        while (rounds < 20 && !service.events.some(({ action }) => action === 'refresh_reuse'))
          await round(rounds++).catch(() => {})
        expect(uses).toBeLessThanOrEqual(4)
        for (const token of Object.values(tokens))
          expect(await reasonOf(present(token))).toBe('unauthenticated')
      }
    },
  )
})
