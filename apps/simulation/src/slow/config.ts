import { createRandom, mixSeed } from '../random.ts'
import { drawConfig, type WorldConfig } from '../world/config.ts'
import { worldSpeed } from './timeline.ts'

/** How late a timer of this process may be on a busy machine, in real ms. */
const longestLag = 10_000
/** How long an access token of the nodes lives, in real ms. */
const accessTokenTtls = [2_000, 2_000, 900_000] as const

/** The world of a seed, as the simulation draws it, within what real processes can play. */
export function drawSlowConfig(seed: number, nodeCount: number): WorldConfig {
  const config = drawConfig(seed)
  const random = createRandom(mixSeed(seed, 5))
  return {
    ...config,
    nodeCount,
    lag: longestLag * worldSpeed,
    // Its windows are minutes of real time, so a limit that is reached once would last to the end of the run.
    rateLimitFactor: 20,
    accessTokenTtl: random.pick(accessTokenTtls) * worldSpeed,
    phoneTrust: random.chance(0.3) ? 0 : config.phoneTrust,
  }
}
