/**
 * `dead_at is null`, where the deliveries of a person are looked up. Written in that way it would let the planner take an index
 * that has only what is pending, of the webhook: while it knows nothing of a table that was just filled, that looks smaller, and
 * every look-up would read all that is pending.
 *
 * @param row the name of the row in the statement
 */
export const isPending = (row: string): string => `coalesce(${row}.dead_at, 0) = 0`
