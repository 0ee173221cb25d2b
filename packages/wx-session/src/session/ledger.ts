import type { SessionState, Tokens, Unbound } from './session-state.ts'
import type { Stored } from './stored-session.ts'

/** What a try to sign in, or the person, has led to. */
export type Outcome<U> =
  | { status: 'signedIn'; tokens: Tokens; user: U }
  | Unbound
  | { status: 'signedOut' }
  | { status: 'offline'; error: unknown }

/**
 * What is known, and in which epoch. A decision (`decide`: the person signed out, or bound an
 * account) opens a new epoch; whatever was asked for in an older one is recorded no more, so a
 * late answer never overrides a newer decision.
 */
export interface Ledger<U> {
  readonly state: SessionState<U>
  readonly tokens: Tokens | null
  readonly epoch: number
  decide(outcome: Outcome<U>): void
  record(epoch: number, outcome: Outcome<U>): void
  /** Takes up what the phone has kept, unless something newer is known already. */
  restore(outcome: Outcome<U>): void
  updateUser(user: U): void
  subscribe(listener: (state: SessionState<U>) => void): () => void
  onDecision(listener: () => void): () => void
}

export function createLedger<U>(keep: (content: Stored<U> | null) => void): Ledger<U> {
  const listeners = new Set<(state: SessionState<U>) => void>()
  const deciders = new Set<() => void>()
  let state: SessionState<U> = { status: 'starting' }
  let tokens: Tokens | null = null
  let epoch = 0

  const show = (next: SessionState<U>) => {
    state = next
    notify(listeners, (listener) => listener(next))
  }
  const apply = (outcome: Outcome<U>, isNews = true) => {
    tokens = outcome.status === 'signedIn' ? outcome.tokens : null
    if (isNews && outcome.status !== 'offline') keep(contentOf(outcome))
    const next = stateOf(outcome)
    const before = state
    // A refresh changes the tokens, which nobody watches.
    if (before.status === 'signedIn' && next.status === 'signedIn' && before.user === next.user) {
      return
    }
    show(next)
  }

  return {
    get state() {
      return state
    },
    get tokens() {
      return tokens
    },
    get epoch() {
      return epoch
    },
    decide(outcome) {
      epoch += 1
      apply(outcome)
      notify(deciders, (listener) => listener())
    },
    record(asked, outcome) {
      if (asked === epoch) apply(outcome)
    },
    restore(outcome) {
      if (state.status === 'starting') apply(outcome, false)
    },
    updateUser(user) {
      if (tokens) apply({ status: 'signedIn', tokens, user })
    },
    subscribe: (listener) => join(listeners, (next) => listener(next)),
    onDecision: (listener) => join(deciders, () => listener()),
  }
}

function join<T>(set: Set<T>, member: T): () => void {
  set.add(member)
  return () => set.delete(member)
}

function notify<T>(listeners: Set<T>, call: (listener: T) => void): void {
  for (const listener of [...listeners]) {
    try {
      call(listener)
    } catch (error) {
      // A page's fault is reported, and breaks neither the session nor the other pages.
      setTimeout(() => {
        throw error
      })
    }
  }
}

function contentOf<U>(outcome: Outcome<U>): Stored<U> | null {
  if (outcome.status === 'signedIn') return { tokens: outcome.tokens, user: outcome.user }
  return outcome.status === 'signedOut' ? { signedOut: true } : null
}

function stateOf<U>(outcome: Outcome<U>): SessionState<U> {
  switch (outcome.status) {
    case 'signedIn':
      return { status: 'signedIn', user: outcome.user }
    case 'unbound':
      return {
        status: 'unbound',
        ticket: outcome.ticket,
        ticketExpiresAt: outcome.ticketExpiresAt,
      }
    default:
      return outcome
  }
}

/** Settles with the work, but at the latest with the next decision. */
export function untilDecision(ledger: Ledger<unknown>, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = ledger.onDecision(resolve)
    work.then(resolve, reject)
    work.then(leave, leave)
  })
}

/** One run of the work at a time in an epoch, shared by all who ask meanwhile. */
export function singleFlight(
  ledger: Ledger<unknown>,
  run: (epoch: number) => Promise<void>,
): () => Promise<void> {
  let flight: { epoch: number; promise: Promise<void> } | null = null
  return () => {
    const { epoch } = ledger
    if (flight?.epoch === epoch) return flight.promise
    const mine = { epoch, promise: untilDecision(ledger, run(epoch)) }
    flight = mine
    const clear = () => {
      if (flight === mine) flight = null
    }
    mine.promise.then(clear, clear)
    return mine.promise
  }
}
