/** What a session's tokens have been exchanged for, as the replies of the store tell it. */
interface Exchanges {
  /** The newest generation, when it was issued, and how many variants of it were. */
  newest: number
  at: number
  variants: number
  /** Which variant of each generation was exchanged. */
  readonly exchanged: Map<number, number>
  /** The newest generation at the last repeat, and when a variant was last forgiven. */
  repeatedIn: number
  forgivenIn: number
}

/** A refresh as the port of `core` is asked for it. */
export interface AskedRefresh {
  readonly sessionId: string
  readonly presented: {
    readonly counter: number
    readonly variant: number
    readonly wasNewest: boolean
  }
  readonly now: number
}

/** What a store answers: `issued` is the generation and variant of the token that is sent. */
export interface AnsweredRefresh {
  readonly status: string
  readonly issued?: { readonly counter: number; readonly variant: number }
}

const lateMs = 60_000
const never = Number.NEGATIVE_INFINITY

/**
 * The table of docs/session-protocol.md: which refresh is answered with which token, and which one ends the session.
 *
 * @returns what is wrong with the answer; null where nothing is
 */
export function createRefreshTable(): (
  asked: AskedRefresh,
  answered: AnsweredRefresh,
) => string | null {
  const sessions = new Map<string, Exchanges>()
  return ({ sessionId, presented, now }, answered) => {
    const known = sessions.get(sessionId) ?? firstExchanges(now)
    sessions.set(sessionId, known)
    const wanted = decide(known, presented, now)
    const fault = compare(wanted, answered)
    if (fault === null) note(known, wanted, { presented, now })
    return fault
  }
}

const firstExchanges = (at: number): Exchanges => ({
  ...{ newest: 0, at, variants: 1, exchanged: new Map() },
  ...{ repeatedIn: never, forgivenIn: never },
})

type Wanted =
  | {
      readonly kind: 'next' | 'overlapping' | 'again' | 'variant' | 'forgiven'
      readonly counter: number
      readonly variant: number
    }
  | { readonly kind: 'ends' | 'refused' }

type Presented = AskedRefresh['presented']

function decide(known: Exchanges, presented: Presented, now: number): Wanted {
  const { newest, variants, exchanged } = known
  const { counter, variant, wasNewest } = presented
  const age = newest - counter
  if (age < 0 || (age === 0 && variant >= variants)) return { kind: 'refused' }
  if (age === 0) return { kind: 'next', counter: newest + 1, variant: 0 }
  if (age > 2) return { kind: 'ends' }
  const isExchanged = exchanged.get(counter) === variant
  if (age === 1) {
    if (!isExchanged) return forgiven(known) ?? { kind: 'ends' }
    if (wasNewest) return { kind: 'overlapping', counter: newest, variant: 0 }
    return isInRun(known)
      ? { kind: 'variant', counter: newest, variant: variants }
      : { kind: 'again', counter: newest, variant: 0 }
  }
  // A call that came before the newest token was issued may be decided after that.
  if (!isExchanged || Math.abs(now - known.at) > lateMs) return { kind: 'ends' }
  if (isInRun(known)) return forgiven(known) ?? { kind: 'refused' }
  return { kind: 'again', counter: newest - 1, variant: exchanged.get(newest - 1) ?? 0 }
}

/** A repeat is in a run when another one was at most two generations ago. */
const isInRun = ({ newest, variants, repeatedIn }: Exchanges): boolean =>
  variants > 1 || (repeatedIn !== newest && newest - repeatedIn <= 2)

/** Where the last one that was forgiven is at least three generations ago, or in the same generation. */
const forgiven = ({ newest, variants, forgivenIn }: Exchanges): Wanted | null =>
  forgivenIn === newest || newest - forgivenIn > 2
    ? { kind: 'forgiven', counter: newest, variant: variants }
    : null

const statuses: Record<Wanted['kind'], string> = {
  next: 'rotated',
  overlapping: 'overlapping',
  again: 'repeated',
  variant: 'repeated',
  forgiven: 'repeated',
  ends: 'reused',
  refused: 'not_found',
}

function compare(wanted: Wanted, { status, issued }: AnsweredRefresh): string | null {
  if (status !== statuses[wanted.kind])
    return `was answered with ${status}, and the table says ${statuses[wanted.kind]}`
  if (!('counter' in wanted)) return null
  return issued?.counter === wanted.counter && issued.variant === wanted.variant
    ? null
    : `issued ${issued?.counter}-${issued?.variant} in place of ${wanted.counter}-${wanted.variant}`
}

function note(
  known: Exchanges,
  wanted: Wanted,
  { presented, now }: Pick<AskedRefresh, 'presented' | 'now'>,
): void {
  const { newest } = known
  if (wanted.kind === 'next') {
    known.exchanged.set(presented.counter, presented.variant)
    Object.assign(known, { newest: newest + 1, at: now, variants: 1 })
  }
  if (wanted.kind === 'again') known.repeatedIn = newest
  if (wanted.kind === 'variant' || wanted.kind === 'forgiven') {
    known.variants += 1
    known.repeatedIn = newest
  }
  if (wanted.kind === 'forgiven') known.forgivenIn = newest
}
