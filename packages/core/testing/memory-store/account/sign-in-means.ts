import { provenAt, type SignInMeans } from '../../../src/index.ts'
import { identitiesOf } from '../identity/identity-rows.ts'
import type { MemoryState, UserRow } from '../state.ts'
import { changeUser } from './user-rows.ts'

export const meansOf = (state: MemoryState, user: UserRow): SignInMeans => ({
  ...user,
  identities: identitiesOf(state, user.id),
})

/** Sets a time of proof in the future to now. */
export function correctProof(state: MemoryState, user: UserRow, now: number): void {
  const corrected = provenAt(user, now)
  if (user.phoneProvenAt !== null && user.phoneProvenAt !== corrected)
    changeUser(state, user.id, { phoneProvenAt: corrected })
}
