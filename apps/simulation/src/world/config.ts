import { createRandom, mixSeed } from '../random.ts'

/** How a world is made; it follows from the seed alone. Probabilities are of one event. */
export interface WorldConfig {
  readonly seed: number
  readonly signUp: 'bind' | 'auto'
  readonly appIds: readonly string[]
  readonly nodeCount: number
  readonly personCount: number
  /** In ms. */
  readonly phoneTrust: number
  readonly rateLimitFactor: number
  /** ACCESS_TOKEN_TTL, in ms: a short one makes an app refresh often. */
  readonly accessTokenTtl: number
  readonly noise: Noise
  /** Which apps belong to the Open Platform account from the start, and so give a unionid. */
  readonly linkedApps: readonly boolean[]
  /** How much later than it should something may happen in the world itself, in ms: a busy machine is late. */
  readonly lag: number
}

/** How unreliable everything between the parts is. */
export interface Noise {
  /** That a request of a phone, or its reply, is lost. */
  readonly loss: number
  /** That a request arrives a second time. */
  readonly repeat: number
  /** That a request or reply takes seconds. */
  readonly late: number
  /** That a verb of the store takes time, so that others come between. */
  readonly pause: number
  /** That the queue of passwords is full. */
  readonly overloaded: number
}

export const quiet: Noise = { loss: 0, repeat: 0, late: 0, pause: 0, overloaded: 0 }

const day = 24 * 3_600_000
const allApps = ['shop', 'club', 'park'] as const

export function drawConfig(seed: number): WorldConfig {
  const random = createRandom(mixSeed(seed, 1))
  const accessTokenTtl = random.pick([900_000, 120_000, 20_000, 5_000])
  const noise = drawNoise(random.pick(['quiet', 'some', 'some', 'much']), random.next())
  const appCount = random.pick([1, 2, 2, 3, 3])
  return {
    seed,
    signUp: random.chance(0.2) ? 'auto' : 'bind',
    appIds: allApps.slice(0, appCount),
    nodeCount: random.pick([1, 1, 2, 3]),
    personCount: random.pick([2, 2, 3]),
    phoneTrust: random.chance(0.15) ? 0 : 90 * day,
    accessTokenTtl,
    rateLimitFactor: random.chance(0.3) ? 1 : 20,
    // While a request is late, tokens of 5 s are renewed more often than a late one is forgiven.
    noise: accessTokenTtl < 20_000 ? { ...noise, late: 0 } : noise,
    linkedApps: allApps.slice(0, appCount).map(() => random.chance(0.7)),
    lag: 0,
  }
}

function drawNoise(level: 'quiet' | 'some' | 'much', repeat: number): Noise {
  if (level === 'quiet') return { ...quiet, pause: 0.3 }
  const factor = level === 'some' ? 1 : 3
  return {
    loss: 0.04 * factor,
    repeat: repeat < 0.5 ? 0.03 * factor : 0,
    late: 0.03 * factor,
    pause: 0.15 * factor,
    overloaded: 0.01 * factor,
  }
}
