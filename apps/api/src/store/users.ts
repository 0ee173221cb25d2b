import type { NewUser, UserRecord, UserStore } from '@mianmi/core'
import { eq, sql } from 'drizzle-orm'
import type { Database } from './database.ts'
import { users } from './schema.ts'

export function createUserStore(database: Database): UserStore {
  const { byAccount } = prepareUsers(database)
  return { findByAccount: async (key) => byAccount(key) }
}

/** The statements on users, prepared once. */
export function prepareUsers({ orm }: Database) {
  const select = (column: typeof users.id | typeof users.accountKey | typeof users.phone) =>
    orm
      .select()
      .from(users)
      .where(eq(column, sql.placeholder('value')))
      .prepare()
  const byId = select(users.id)
  const byAccount = select(users.accountKey)
  const byPhone = select(users.phone)
  const insert = orm
    .insert(users)
    .values({
      id: sql.placeholder('id'),
      account: sql.placeholder('account'),
      accountKey: sql.placeholder('accountKey'),
      passwordHash: sql.placeholder('passwordHash'),
      phone: sql.placeholder('phone'),
      createdAt: sql.placeholder('createdAt'),
    })
    .returning()
    .prepare()
  return {
    byId: (id: string): UserRecord | null => byId.get({ value: id }) ?? null,
    byAccount: (key: string): UserRecord | null => byAccount.get({ value: key }) ?? null,
    byPhone: (phone: string): UserRecord | null => byPhone.get({ value: phone }) ?? null,
    hasAccount: (key: string | null): boolean =>
      key !== null && byAccount.get({ value: key }) !== undefined,
    insert: (user: NewUser & { phone?: string }): UserRecord =>
      insert.get({ phone: null, ...user }),
  }
}
