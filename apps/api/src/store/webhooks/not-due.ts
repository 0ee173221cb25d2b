/**
 * When a delivery is due that waits for an earlier one of its person: never, until that one is over. So all that is due can be
 * sent, and neither a claim nor a failed attempt reads or changes everything that waits of one person.
 */
export const notDue: number = Number.MAX_SAFE_INTEGER
