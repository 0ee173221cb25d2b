import type { CommittedVerb, ServerCall } from '../world/server/service.ts'
import { lateness } from './clocks.ts'
import type { Invariant } from './invariant.ts'

const day = 24 * 3_600_000
/** REFRESH_TOKEN_TTL: how long a session lives without a refresh. */
const idleTime = 30 * day
/** How long it lives with refreshes. */
const lifeTime = 12 * idleTime

const minute = 60_000
/** Of a session at the console; a call is noted once a minute. */
const [consoleIdle, consoleLife, touch] = [30 * minute, 12 * 60 * minute, minute]

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
    'A session that is not refreshed ends after 30 days, and each one after twelve times as long; one of an administrator after 30 minutes without a call, and after twelve hours.',
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
    const consoles = new Map<string, { readonly openedAt: number; usedAt: number }>()
    const checkConsole = (token: string, { path, startedAt }: ServerCall): void => {
      const { now } = timeline
      const known = consoles.get(token) ?? { openedAt: now, usedAt: now }
      const late = lateness(world)
      if (startedAt - known.usedAt > consoleIdle + touch + late)
        fail(
          `${path} was granted after ${Math.round((startedAt - known.usedAt) / minute)} idle minutes`,
        )
      if (startedAt - known.openedAt > consoleLife + late)
        fail(
          `${path} was granted ${Math.round((startedAt - known.openedAt) / minute)} minutes after a sign-in`,
        )
      consoles.set(token, { ...known, usedAt: now })
    }
    return {
      called({ consoleToken }) {
        const known = consoles.get(consoleToken ?? '')
        // Its reply may be lost.
        if (known !== undefined && timeline.now - known.usedAt <= consoleIdle + lateness(world))
          known.usedAt = timeline.now
      },
      served(call, result) {
        const { consoleToken } = call
        const isLetIn = 'data' in result || result.reason !== 'unauthenticated'
        if (consoleToken != null && isLetIn) checkConsole(consoleToken, call)
      },
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
