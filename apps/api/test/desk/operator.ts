import { enrol, admin as operator, startWithOperator } from '../operators/client.ts'

export const operatorName = operator.account

/** A service with an operator who is signed in by both factors. */
export async function startDesk() {
  const service = await startWithOperator()
  const { browser } = await enrol(service)
  const { admin } = browser
  const current = await admin.account.current.query()
  return { service, admin, operatorId: current.operator.id }
}
