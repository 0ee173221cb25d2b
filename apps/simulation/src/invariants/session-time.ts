import type { CommittedVerb } from '../world/server/service.ts'
import { lateness } from './clocks.ts'
import type { Invariant } from './invariant.ts'

const day = 24 * 3_600_000
/** REFRESH_TOKEN_TTL: how long a session lives without a refresh. */
const idleTime = 30 * day
/** How long it lives with refreshes. */
const lifeTime = 12 * idleTime

/** The session that a verb has opened or extended; null where it has not. */
function extended({ name, args: [given], result }: CommittedVerb): string | null {
  const { status } = (result ?? {}) as { status?: string }
  if (status === 'bound') return (given as { session: { id: string } }).session.id
  const isRefreshed = name === 'sessions.refresh' && (status === 'rotated' || status === 'repeated')
  return isRefreshed ? (given as { sessionId: string }).sessionId : null
}

export const sessionTime: Invariant = {
  name: 'session-time',
  sentence:
    'A session that is not refreshed ends after 30 days, and each one after twelve times as long.',
  sees: 'after',
  watch(world, fail) {
    const { timeline } = world
    const openedAt = new Map<string, number>()
    const extendedAt = new Map<string, number>()
    const check = (id: string, what: string): void => {
      const idle = timeline.now - (extendedAt.get(id) ?? timeline.now)
      const life = timeline.now - (openedAt.get(id) ?? timeline.now)
      const late = lateness(world)
      if (idle > idleTime + late) fail(`${what} after ${Math.round(idle / day)} idle days`)
      if (life > lifeTime + late) fail(`${what} after ${Math.round(life / day)} days`)
    }
    return {
      committed(verb) {
        const id = extended(verb)
        if (id === null) return
        if (!openedAt.has(id)) openedAt.set(id, timeline.now)
        check(id, 'a session was refreshed')
        extendedAt.set(id, timeline.now)
      },
      authenticated({ path }, { session }) {
        check(session.id, `${path} was let in`)
      },
    }
  },
}
