import type { CommittedVerb } from '../world/server/service.ts'
import { lateness } from './clocks.ts'
import type { Invariant } from './invariant.ts'

interface CallerRequest {
  readonly caller?: { readonly sessionId: string; readonly userId: string } | null
  readonly sessionId?: string
  readonly userId?: string
}

const refusals = ['unauthenticated', 'user_disabled', 'not_found', 'reused']

export const endedStaysEnded: Invariant = {
  name: 'ended-stays-ended',
  sentence:
    'Nothing is done through a session that was ended, or for a user who is disabled, merged or deleted, from the next call on.',
  sees: 'before',
  watch(world, fail) {
    const { oracle, store, timeline } = world
    const faultOf = (sessionId: string, userId: string): string | null => {
      const session = oracle.model.sessions.get(sessionId)
      if (session?.ended != null) return `through a session that was ended: ${session.ended}`
      return faultOfUser(userId)
    }
    const faultOfUser = (userId: string): string | null => {
      const user = oracle.model.users.get(userId)
      if (user === undefined) return `for a user who was ${oracle.model.removed.get(userId)}`
      if (user.isDisabled) return 'for a user who is disabled'
      return user.mergedInto === null ? null : 'for a user who was merged into another'
    }
    const check = (sessionId: string, userId: string, what: string): void => {
      const fault = faultOf(sessionId, userId)
      if (fault !== null) fail(`${what} ${fault}`)
    }
    const callerOf = ({ name, args: [request, given] }: CommittedVerb) => {
      const { caller, sessionId, userId } = (request ?? {}) as CallerRequest
      if (name === 'sessions.endOthers') return { sessionId, userId }
      if (name === 'users.updateProfile') return request as CallerRequest
      if (name === 'sessions.refresh')
        return { sessionId, userId: store.state.sessions.get(sessionId ?? '')?.userId }
      return given === undefined && caller != null ? caller : null
    }
    return {
      committed(verb) {
        const { result, name } = verb
        const status = (result as { status?: string } | null)?.status ?? result
        if (refusals.includes(status as string)) return
        // Whom a sign-in opens, by a code, a ticket or a password.
        const opened = result as { user?: { id: string }; newUser?: boolean } | null
        if (status === 'bound' && opened?.newUser === false && opened.user !== undefined) {
          const fault = faultOfUser(opened.user.id)
          if (fault !== null) return fail(`${name} opened a session ${fault}`)
        }
        const caller = callerOf(verb)
        if (caller?.sessionId !== undefined && caller.userId !== undefined)
          check(caller.sessionId, caller.userId, `${name} was done`)
      },
      authenticated({ path }, { session, user }) {
        if (session.expiresAt < timeline.now - lateness(world))
          fail(`${path} was let in through a session that has expired`)
        // Between the look-up and here the session may have ended; then a verb refuses the call.
        if (store.state.sessions.has(session.id)) check(session.id, user.id, `${path} was let in`)
      },
    }
  },
}
