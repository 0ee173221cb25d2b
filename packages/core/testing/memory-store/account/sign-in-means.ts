import type { SignInMeans } from '../../../src/index.ts'
import { identitiesOf } from '../identity/identity-rows.ts'
import type { MemoryState, UserRow } from '../state.ts'

export const meansOf = (state: MemoryState, user: UserRow): SignInMeans => ({
  ...user,
  identities: identitiesOf(state, user.id),
})
