/** A refresh token of a session: its number, and which of the variants of this number it is. */
export interface Generation {
  /** How many generations were issued before it. */
  readonly counter: number
  /** 0 for the first token of a generation. A repeat in a run of repeats is answered with the next one. */
  readonly variant: number
}

/** A refresh token that a call presents. */
export interface PresentedToken extends Generation {
  /** Whether it was the newest token when the call read the session, before the transaction that decides. */
  readonly wasNewest: boolean
}

/** What the next refresh of a session depends on. Times are milliseconds since the epoch. */
export interface Rotation {
  /** The newest generation. */
  readonly counter: number
  /** When the newest generation was issued. */
  readonly rotatedAt: number
  /** How many variants of the newest generation were issued. */
  readonly variants: number
  /** Which variant of the generation before the newest was exchanged. */
  readonly parentVariant: number
  /** Which variant of the generation before that was exchanged. */
  readonly grandparentVariant: number
  /** The newest generation at the time of the last repeat; null where there was none. */
  readonly repeatedIn: number | null
  /** The newest generation when a second variant was last forgiven; null where none was. */
  readonly forgivenIn: number | null
}

/** The rotation of a new session, but for its times. */
export const firstRotation: Omit<Rotation, 'counter' | 'rotatedAt'> = {
  variants: 1,
  parentVariant: 0,
  grandparentVariant: 0,
  repeatedIn: null,
  forgivenIn: null,
}

/** A token that is accepted. */
export interface AcceptedToken {
  /** `rotated` for the first exchange of a token, `overlapping` for a call at the same time, `repeated` for a later one. */
  readonly status: 'rotated' | 'overlapping' | 'repeated'
  readonly issued: Generation
  readonly rotation: Rotation
}

export type RotationDecision =
  | AcceptedToken
  /** The session has two holders, and ends. */
  | { readonly status: 'reused' }
  /** It proves nothing, and nothing changes. */
  | { readonly status: 'refused' }

/**
 * How long the parent of an exchanged token is accepted, in ms: two refreshes may be in flight at once, and a request
 * may arrive late.
 */
const graceMs = 60_000

/**
 * Repeats form a run while they are at most this many generations apart. A token is accepted up to two generations
 * after its own, so two holders cannot keep their repeats further apart than that. After a second variant was forgiven,
 * none is for as many generations.
 */
const runLength = 2

/**
 * Decides about a refresh token whose MAC is right (RFC 9700 §4.14.2, rotation with reuse detection).
 *
 * The first exchange of a token issues the next generation. A call that read the session before this exchange, and is
 * decided after it, has overlapped it, on this node or on another one. It gets the same token, and changes nothing. A
 * repeat is a token that was exchanged before: the parent of the newest generation, or its grandparent within the grace.
 * The client has lost the reply, or there are two
 * holders of one token. A single repeat is answered with the token that was issued before. In a run of repeats each is
 * answered with a variant of its own. A client holds the variant whose reply it got and no other, however many replies
 * it loses. Two holders have different variants, and the second of them to present its variant proves that there are
 * two. docs/session-protocol.md explains it, and `model/session.pml` is checked for all orders of events.
 */
export function decideRotation(
  rotation: Rotation,
  presented: PresentedToken,
  now: number,
): RotationDecision {
  const { counter, variant } = presented
  const age = rotation.counter - counter
  if (isNewest(rotation, presented)) return rotate(rotation, variant, now)
  // This service has signed it, and has no record of it: the database is an older copy.
  if (age <= 0) return { status: 'refused' }
  if (age === 1) return repeatParent(rotation, presented)
  if (age === 2) return repeatGrandparent(rotation, variant, now)
  return { status: 'reused' }
}

/** Whether this token is the newest one, so that the next decision would exchange it. */
export function isNewest(rotation: Rotation, { counter, variant }: Generation): boolean {
  return counter === rotation.counter && variant < rotation.variants
}

/** Whether the next generation would be issued in a run of repeats. */
export function isNextInRun(rotation: Rotation): boolean {
  return isInRun({ ...rotation, counter: rotation.counter + 1, variants: 1 })
}

/** Whether a repeat of the newest generation's parent is answered with a variant of its own. */
function isInRun({ counter, variants, repeatedIn }: Rotation): boolean {
  if (variants > 1) return true
  if (repeatedIn === null || repeatedIn === counter) return false
  return counter - repeatedIn <= runLength
}

function rotate(rotation: Rotation, variant: number, now: number): AcceptedToken {
  const counter = rotation.counter + 1
  return {
    status: 'rotated',
    issued: { counter, variant: 0 },
    rotation: {
      ...rotation,
      counter,
      rotatedAt: now,
      variants: 1,
      parentVariant: variant,
      grandparentVariant: rotation.parentVariant,
    },
  }
}

function repeatParent(
  rotation: Rotation,
  { variant, wasNewest }: PresentedToken,
): RotationDecision {
  if (variant !== rotation.parentVariant) return forgive(rotation) ?? { status: 'reused' }
  const first = { counter: rotation.counter, variant: 0 }
  if (wasNewest) return { status: 'overlapping', issued: first, rotation }
  return isInRun(rotation) ? issueVariant(rotation) : repeat(rotation, first)
}

function repeatGrandparent(rotation: Rotation, variant: number, now: number): RotationDecision {
  const { counter, parentVariant, grandparentVariant, rotatedAt } = rotation
  if (variant !== grandparentVariant || !isInGrace(rotatedAt, now)) return { status: 'reused' }
  if (!isInRun(rotation)) return repeat(rotation, { counter: counter - 1, variant: parentVariant })
  // A thief could get a variant here each time. A client does not wait for the reply to a request that is as late.
  return forgive(rotation) ?? { status: 'refused' }
}

/** Answers with a token that was issued before. */
function repeat(rotation: Rotation, issued: Generation): AcceptedToken {
  return {
    status: 'repeated',
    issued,
    rotation: { ...rotation, repeatedIn: rotation.counter },
  }
}

function issueVariant(rotation: Rotation): AcceptedToken {
  const { counter, variants } = rotation
  return {
    status: 'repeated',
    issued: { counter, variant: variants },
    rotation: { ...rotation, variants: variants + 1, repeatedIn: counter },
  }
}

/**
 * A client whose calls refresh in parallel may store a variant after another one was exchanged. Where that is rare, it
 * is answered like a repeat. Null where it is not: two holders do it in each generation.
 */
function forgive(rotation: Rotation): AcceptedToken | null {
  const { counter, forgivenIn } = rotation
  const isRare = forgivenIn === null || forgivenIn === counter || counter - forgivenIn > runLength
  return isRare ? issueVariant({ ...rotation, forgivenIn: counter }) : null
}

/**
 * A time in the future is in the grace, too: `now` is read before the transaction, and another call may have exchanged a
 * token between the two. One that is further away than any call takes is of a clock that was set back.
 */
function isInGrace(time: number, now: number): boolean {
  return Math.abs(now - time) <= graceMs
}
