import { sessionOfRefreshToken } from '../world/server/tokens.ts'
import type { World } from '../world/world.ts'
import { enterApp, type GuestTokens, registerIn } from './guests.ts'
import { life, wait } from './lives.ts'
import { script } from './script.ts'

async function refresh(world: World, { refreshToken }: GuestTokens): Promise<GuestTokens | null> {
  const reply = await script(world, {
    path: 'session.refresh',
    input: { refreshToken },
    token: null,
  })
  return reply as GuestTokens | null
}

/**
 * Two windows of an app lose replies to refreshes, one after the other, as docs/session-protocol.md allows it: the second one
 * stores its variant after that of the first was exchanged. Or a copy of a request arrives two refreshes later.
 */
export const lossyRefreshes = life(
  'the replies to refreshes are lost in a row',
  0.8,
  async (world, guest) => {
    // Another copy of a token would be one too many.
    if (world.config.noise.repeat > 0) return
    const appId = world.random.pick(world.config.appIds)
    const entered =
      world.config.signUp === 'auto'
        ? await enterApp(world, guest, appId)
        : await registerIn(world, guest, appId)
    if (entered === null) return
    world.story.note(() => `${guest.name} refreshes, and replies are lost`)
    const first = await refresh(world, entered.tokens)
    if (first === null) return
    if (world.random.chance(0.5)) {
      const second = await refresh(world, first)
      // One that is later than a minute proves that there are two.
      const isLate = world.random.chance(0.4)
      await wait(world, world.random.between(isLate ? 61_000 : 0, isLate ? 300_000 : 20_000))
      const session = sessionOfRefreshToken(first.refreshToken)
      // So does one that is older than the one before the last.
      const isOlder = !isLate && second !== null && world.random.chance(0.3)
      if (isOlder) await refresh(world, second)
      if (isLate || isOlder)
        world.oracle.model.sessions.get(session)?.excuses.add('a token that was late')
      // A copy of the first request, which is late.
      if (second !== null) await refresh(world, entered.tokens)
      if (second !== null) await refresh(world, second)
      return
    }
    await refresh(world, entered.tokens)
    const one = await refresh(world, first)
    const two = await refresh(world, first)
    if (one === null || two === null) return
    await refresh(world, two)
    const last = await refresh(world, one)
    if (last !== null) await refresh(world, last)
  },
)
