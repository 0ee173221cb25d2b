import { describeAdministratorAccounts } from './administrator-accounts.ts'
import { describeAuditStore } from './audit-store.ts'
import { describeKeyStores } from './key-stores.ts'
import type { MakeStore } from './make-store.ts'
import { describeSealedRows } from './sealed-rows.ts'

/**
 * What every store must do for the service and its commands, besides the ports of core, races included. To be called in a
 * vitest file.
 *
 * @param make opens a store; several calls in one test open the same database, as several processes do
 */
export function describeServiceStores(make: MakeStore): void {
  describeKeyStores(make)
  describeSealedRows(make)
  describeAuditStore(make)
  describeAdministratorAccounts(make)
}
