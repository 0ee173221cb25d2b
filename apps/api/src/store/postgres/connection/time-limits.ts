/** How long a node waits for its database, in ms. */
export interface TimeLimits {
  /** For a new connection. */
  readonly connect: number
  /** For a connection of its pool. */
  readonly queue: number
  /** For the reply to a statement. */
  readonly reply: number
  /** In a transaction: for a lock, for the next statement of the node, and for a statement. */
  readonly transaction: { readonly lock: number; readonly idle: number; readonly statement: number }
  /**
   * For the locks of a statement of one call, and of several. The latter wait less, because those calls that are in
   * no other's way run again alone.
   */
  readonly groups: { readonly one: number; readonly many: number }
  /** For all runs of a verb that other transactions are in the way of. */
  readonly rerun: number
}

/** `timeout` of `DATABASE_URL` by default: a call is answered before its client gives up. */
export const defaultTimeout = 1_500

/** The limits that belong to a limit for one reply, in ms. Every lock is given up before the reply is. */
export function timeLimits(timeout: number): TimeLimits {
  const part = (ofDefault: number): number => Math.round((timeout * ofDefault) / defaultTimeout)
  return {
    connect: part(1_000),
    queue: part(3_000),
    reply: timeout,
    // A transaction whose node has stopped is rolled back before the others that wait for it give up.
    transaction: { lock: part(1_000), idle: part(800), statement: part(1_400) },
    groups: { one: part(700), many: part(300) },
    rerun: part(1_000),
  }
}

/**
 * The limits of a process without callers, such as an import, which a slow disk or another one's lock must not end in the
 * middle. A connection is waited for no longer, and others wait no longer for a process that has stopped.
 *
 * @param waitMs for one reply; undefined: the limits as they are
 */
export function patientLimits(limits: TimeLimits, waitMs = 0): TimeLimits {
  if (waitMs <= limits.reply) return limits
  const { transaction, ...patient } = timeLimits(waitMs)
  const { idle } = limits.transaction
  return { ...patient, connect: limits.connect, transaction: { ...transaction, idle } }
}
