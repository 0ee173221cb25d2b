import { admin as administrator, enrol, startWithAdministrator } from './client.ts'

export const administratorName = administrator.account

/** A service with an administrator who is signed in by both factors. */
export async function startSignedIn() {
  const service = await startWithAdministrator()
  const { browser } = await enrol(service)
  const { admin } = browser
  const current = await admin.account.current.query()
  return { service, admin, operatorId: current.operator.id }
}
