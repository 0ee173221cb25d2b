import type { Role, User } from '@mianmi/core'
import { users } from '../schema.ts'

/** The columns that a query selects first, beside a user's id, to be read by `toUser`. */
export const userColumns = {
  account: users.account,
  phone: users.phone,
  nickname: users.nickname,
  avatarUrl: users.avatarUrl,
  role: users.role,
  disabledAt: users.disabledAt,
  userCreatedAt: users.createdAt,
}

/** The same columns as SQLite returns them. */
export type UserColumns = [
  account: string | null,
  phone: string | null,
  nickname: string | null,
  avatarUrl: string | null,
  role: Role,
  disabledAt: number | null,
  createdAt: number,
]

export function toUser(id: string, row: readonly [...UserColumns, ...unknown[]]): User {
  return {
    id,
    account: row[0],
    phone: row[1],
    nickname: row[2],
    avatarUrl: row[3],
    role: row[4],
    disabledAt: row[5],
    createdAt: row[6],
  }
}
