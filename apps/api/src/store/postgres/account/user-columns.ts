import type { Role, User } from '@mianmi/core'

/** The columns of a user as arrays have them, selected from `users u`, to be read by `toUser`. */
export const userColumns =
  'u.id, u.account, u.phone, u.nickname, u.avatar_url, u.role, u.disabled_at, u.created_at'

export type UserColumns = readonly [
  id: string,
  account: string | null,
  phone: string | null,
  nickname: string | null,
  avatarUrl: string | null,
  role: Role,
  disabledAt: number | null,
  createdAt: number,
]

/** @param row starts with the user's columns */
export const toUser = (row: readonly [...UserColumns, ...unknown[]]): User => ({
  id: row[0],
  account: row[1],
  phone: row[2],
  nickname: row[3],
  avatarUrl: row[4],
  role: row[5],
  disabledAt: row[6],
  createdAt: row[7],
})
