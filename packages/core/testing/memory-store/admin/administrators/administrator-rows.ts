import type { AdministratorMeans } from '../../../../src/admin/index.ts'
import { deleteRows, type MemoryState } from '../../state.ts'

/** Every administrator who was not merged into another user. */
export const administratorsOf = (state: MemoryState): AdministratorMeans[] =>
  [...state.users.values()]
    .filter(({ role, mergedInto }) => role === 'admin' && mergedInto === null)
    .map(({ id, account, passwordHash, disabledAt }) => ({
      id,
      account,
      disabledAt,
      hasPassword: passwordHash !== null,
      hasSecondFactor: state.factors.has(id),
    }))

/** Removes the second factor, the enrolment code, the console sessions and the known browsers of a user. */
export function removeFactors(state: MemoryState, userId: string): void {
  state.factors.delete(userId)
  state.enrolments.delete(userId)
  deleteRows(state.adminSessions, (row) => row.userId === userId)
  deleteRows(state.knownBrowsers, (row) => row.userId === userId)
}
