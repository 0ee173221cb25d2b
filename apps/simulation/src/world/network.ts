import type { HttpReply, HttpRequest } from './server/service.ts'
import type { World } from './world.ts'

/** How a request ended for who sent it: with a reply, or without one. */
export type Delivery =
  | { readonly reply: HttpReply }
  | { readonly lost: 'request' | 'reply' | 'refused' }

/**
 * Carries a request to a random node that lives and its reply back, or loses one of them. `onEnd` is called at most
 * once; never where the loss is silent.
 */
export function carry(
  world: World,
  request: HttpRequest,
  onEnd: (delivery: Delivery) => void,
): void {
  const { random, timeline, noise, config } = world
  // A refresh token that comes back after three renewals is one that somebody has kept: docs/session-protocol.md.
  const longestRepeat = config.accessTokenTtl
  const isLost = random.chance(noise.loss)
  if (random.chance(noise.repeat))
    timeline.after(
      random.between(0, Math.min(longestRepeat, random.pick([500, 8_000, 40_000]))),
      () => {
        world.story.note(() => `the network repeats ${nameOf(request)}`)
        arrive(world, request, () => {})
      },
    )
  timeline.after(travelTime(world), () => {
    if (isLost) {
      world.story.note(() => `${nameOf(request)} is lost on its way`)
      return onEnd({ lost: 'request' })
    }
    arrive(world, request, (reply) => {
      if (reply === null) return onEnd({ lost: 'refused' })
      const isReplyLost = world.random.chance(world.noise.loss)
      timeline.after(travelTime(world), () => {
        if (!isReplyLost) return onEnd({ reply })
        world.story.note(() => `the reply to ${nameOf(request)} is lost`)
        onEnd({ lost: 'reply' })
      })
    })
  })
}

const nameOf = ({ url }: HttpRequest): string => (url.split('?')[0] ?? '').replace('/trpc/', '')

const travelTime = ({ random, noise }: World): number =>
  random.chance(noise.late) ? random.between(1_000, 15_000) : random.between(5, 60)

/** Lets a request arrive at a random node that lives. @param onReply gets null where no node answers */
export function arrive(
  world: World,
  request: HttpRequest,
  onReply: (reply: HttpReply | null) => void,
): void {
  const living = world.nodes.filter((node) => node.life !== null)
  if (living.length === 0) {
    onReply(null)
    return
  }
  const node = world.random.pick(living)
  const { life } = node
  let isAnswered = false
  const answer = (reply: HttpReply | null): void => {
    if (isAnswered) return
    isAnswered = true
    forgetDeath()
    onReply(reply)
  }
  node.serve(request).then(answer, (error: unknown) => world.fail('no-surprise', String(error)))
  // A connection to a process that died ends.
  const forgetDeath = world.onDeath(node, life, () => answer(null))
}
