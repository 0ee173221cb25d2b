import type { NewUser } from '@mianmi/core'
import { insertUser } from '../../account/user-rows.ts'
import type { Transaction } from '../../connection/index.ts'
import type { PostgresDatabase } from '../../database.ts'

/** Inserts a user with the role `admin`. */
export async function insertAdministrator(
  tx: Transaction,
  { phones }: Pick<PostgresDatabase, 'phones'>,
  user: NewUser,
): Promise<void> {
  await insertUser(tx, phones, user)
  await tx.run(`update users set role = 'admin' where id = $1`, [user.id])
}
