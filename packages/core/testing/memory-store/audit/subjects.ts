import type { MemoryState } from '../state.ts'

let made = 0

/** The pseudonym of a user in the audit log; the id itself where no user has it. */
export function pseudonymOf(state: MemoryState, id: string): string {
  const known = state.pseudonyms.get(id) ?? state.removedPseudonyms.get(id)
  if (known !== undefined) return known
  if (!state.users.has(id)) return id
  const pseudonym = `p-${++made}`
  state.pseudonyms.set(id, pseudonym)
  return pseudonym
}

/** The user of a pseudonym; the pseudonym itself where the user was deleted. */
export function userOfPseudonym(state: MemoryState, pseudonym: string): string {
  for (const [id, known] of state.pseudonyms) if (known === pseudonym) return id
  return pseudonym
}

/** Cuts the link between a user and the lines of the audit log. */
export function forgetPseudonym(state: MemoryState, id: string): void {
  const pseudonym = state.pseudonyms.get(id)
  state.pseudonyms.delete(id)
  // For the line of the deletion itself, which comes after it.
  if (pseudonym !== undefined) state.removedPseudonyms.set(id, pseudonym)
}
