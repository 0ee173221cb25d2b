import type { SignedInCaller } from '@mianmi/core'
import { isTorn } from '../../invariants/sessions-agree.ts'
import { createApply } from '../../oracle/apply.ts'
import { createModel, type Model, type Oracle } from '../../oracle/model.ts'
import { joinObservers, type Observer } from '../../world/observers.ts'
import type { ServerCall } from '../../world/server/service.ts'
import { readAccessToken, sessionOfRefreshToken } from '../../world/server/tokens.ts'
import type { World } from '../../world/world.ts'
import type { Snapshot } from '../database/database.ts'
import { sentencesThatAre } from '../sentences.ts'
import { type CallEvent, type Effect, type Facts, inputOf } from './events.ts'
import { createPasswordHashes, type Rows, rowsOf } from './rows.ts'
import { verbsOf } from './verbs.ts'

/** An event, and which of its effects it had. */
export interface ChosenEvent {
  readonly event: CallEvent
  readonly effect: Effect | null
}

/** What happened between two snapshots, in one order, and the second of them. */
export interface Chapter {
  readonly events: readonly ChosenEvent[]
  readonly snapshot: Snapshot
}

/** A sentence that an order breaks. */
export interface BrokenSentence {
  readonly invariant: string
  readonly detail: string
  /** How many events had passed. */
  readonly passed: number
}

/** Holds one order of events against the sentences that are about the service. */
export interface Judge {
  readonly model: Model
  /** Whether the run has learned of a session by then. */
  knowsSession(id: string): boolean
  /** Plays a chapter; null where no sentence is broken. After one that is, the judge is of no more use. */
  play(chapter: Chapter): BrokenSentence | null
}

export function createJudge(
  world: World,
  facts: Facts,
  isLate: (sessionId: string) => boolean,
): Judge {
  let broken: BrokenSentence | null = null
  let passed = 0
  let now = 0
  const state: { -readonly [Table in keyof Rows]: Rows[Table] } = rowsOf(emptySnapshot, () => null)
  const model = createModel()
  const oracle: Oracle = {
    model,
    state: state as never,
    personOf: world.oracle.personOf,
    now: () => now,
  }
  const judgedWorld = {
    ...world,
    oracle: { ...world.oracle, ...oracle },
    store: { state },
    timeline: {
      ...world.timeline,
      get now() {
        return now
      },
    },
  } as unknown as World
  const watch = (sees: 'before' | 'after'): Observer[] =>
    sentencesThatAre('judged')
      .filter((each) => each.sees === sees)
      .map(({ name, watch: start }) =>
        start(judgedWorld, (detail) => {
          broken ??= { invariant: name, detail, passed }
        }),
      )
  const apply = createApply(oracle)
  const observers = joinObservers([...watch('before'), { committed: apply }, ...watch('after')])
  const hashes = createPasswordHashes(model)
  const usedTickets = new Set<string>()
  const sessions = new Set<string>()

  const playEvent = ({ event, effect }: ChosenEvent, snapshot: Snapshot): void => {
    const { call } = event
    if (effect === null) return
    now = call.at
    const served = serverCallOf(call)
    if (served.caller !== null && effect.kind === 'done')
      observers.authenticated(served, served.caller)
    const isTicketUsed = (ticket: string): boolean => usedTickets.has(ticket)
    for (const verb of verbsOf({ model, facts, snapshot, isTicketUsed }, call, effect)) {
      if (verb.name.startsWith('merges.')) Object.assign(state, rowsOf(snapshot, hashes.nameOf))
      observers.committed({ ...verb, at: now, node: call.node })
      noteVerb(verb.name, verb.args[0])
    }
    if (effect.kind === 'signedIn') noteSignIn(effect, call)
    if (call.result !== null) observers.served(served, call.result)
    noteCounter(call)
  }
  const noteVerb = (name: string, given: unknown): void => {
    if (name === 'tickets.issue') {
      const { hash, identity } = given as { hash: string; identity: never }
      state.tickets.set(hash, { hash, identity } as never)
    }
    if (name === 'users.changePassword')
      hashes.changed((given as { caller: { userId: string } }).caller.userId)
  }
  const noteSignIn = (
    { signIn: { sessionId, userId, isUnseen } }: Effect & { kind: 'signedIn' },
    call: CallEvent['call'],
  ): void => {
    const { ticket } = inputOf(call).proof ?? {}
    if (ticket !== undefined) usedTickets.add(ticket)
    sessions.add(sessionId)
    const session = model.sessions.get(sessionId)
    if (isUnseen && session !== undefined) session.ended ??= 'ended between two looks'
    state.sessions.set(sessionId, { id: sessionId, userId, counter: 0 } as never)
  }
  /** The newest token of a session is the one that was returned last. */
  const noteCounter = ({ path, result }: CallEvent['call']): void => {
    if (path !== 'session.refresh' || result === null || !('data' in result)) return
    const { refreshToken } = result.data as { refreshToken: string }
    const row = state.sessions.get(sessionOfRefreshToken(refreshToken))
    const counter = Number.parseInt(refreshToken.split('.')[1]?.split('-')[0] ?? '', 36)
    if (row !== undefined && counter > row.counter) state.sessions.set(row.id, { ...row, counter })
  }
  /** A session may end where two hold its token, or a request came later than the protocol allows. */
  const endExcused = (snapshot: Snapshot): void => {
    const living = new Set(snapshot.sessions.map(({ id }) => id))
    for (const session of model.sessions.values()) {
      if (world.loot.tokens.some(({ sessionId }) => sessionId === session.id))
        session.excuses.add('a copied token')
      if (isLate(session.id)) session.excuses.add('a late request')
      if (session.ended !== null || living.has(session.id)) continue
      if (session.excuses.size > 0 || isTorn(judgedWorld, session.id)) session.ended = 'two holders'
    }
  }
  return {
    model,
    knowsSession: (id) => sessions.has(id),
    play({ events, snapshot }) {
      passed = 0
      for (const chosen of events) {
        playEvent(chosen, snapshot)
        if (broken !== null) return broken
        passed += 1
      }
      endExcused(snapshot)
      Object.assign(state, rowsOf(snapshot, hashes.nameOf))
      observers.stored('what was done since the look before')
      state.sessions = remembering(state.sessions)
      hashes.keep(snapshot)
      return broken
    },
  }
}

/**
 * In the simulation a call may be let in by a session that ends before its next step, so sentences ask whether its row is
 * still there. Here a call is one moment in the order: each session counts as ended from its end on.
 */
const remembering = (rows: Rows['sessions']): Rows['sessions'] =>
  Object.assign(new Map(rows), { has: () => true })

/** A call as a node sees it; whom the token names is whom it was run for, because it was not refused. */
export function serverCallOf(call: CallEvent['call']): ServerCall {
  const { node, path, input, callId, accessToken, at: startedAt } = call
  const token =
    accessToken === null || path.startsWith('admin.') ? null : readAccessToken(accessToken)
  const isRefused = call.result !== null && 'reason' in call.result
  const caller =
    token === null || isRefused
      ? null
      : ({
          user: { id: token.userId },
          session: {
            id: token.sessionId,
            appId: token.appId,
            expiresAt: Number.POSITIVE_INFINITY,
          },
        } as unknown as SignedInCaller)
  return { node, path, input, callId, accessToken, startedAt, caller }
}

const emptySnapshot: Snapshot = {
  users: [],
  identities: [],
  unbindings: [],
  sessions: [],
  tickets: [],
  conflicts: [],
  merges: [],
}
