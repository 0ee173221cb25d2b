import { maskPhone, type NewUser, type User, type UserRecord } from '../../../src/index.ts'
import { insertRow, type MemoryState, type UserRow } from '../state.ts'

export function toUser(row: UserRow): User {
  const { id, account, phone, nickname, avatarUrl, role, disabledAt, createdAt } = row
  const masked = phone === null ? null : maskPhone(phone)
  return { id, account, phone: masked, nickname, avatarUrl, role, disabledAt, createdAt }
}

export const toRecord = (row: UserRow): UserRecord => ({
  ...toUser(row),
  externalId: row.externalId,
  passwordHash: row.passwordHash,
  phoneProvenAt: row.phoneProvenAt,
})

export const userByAccount = (state: MemoryState, accountKey: string): UserRow | null =>
  [...state.users.values()].find((user) => user.accountKey === accountKey) ?? null

export const userByPhone = (state: MemoryState, phone: string): UserRow | null =>
  [...state.users.values()].find((user) => user.phone === phone) ?? null

export const userByExternalId = (state: MemoryState, externalId: string): UserRow | null =>
  [...state.users.values()].find((user) => user.externalId === externalId) ?? null

/** @throws Error where the id, the account name or the number is in use: the unique indexes of a database */
export function insertUser(state: MemoryState, user: NewUser, phone: string | null): UserRow {
  const { id, account, accountKey, passwordHash, createdAt } = user
  if (accountKey !== null && userByAccount(state, accountKey) !== null)
    throw new Error(`the account name ${accountKey} is in use`)
  if (phone !== null && userByPhone(state, phone) !== null)
    throw new Error(`the number ${phone} is in use`)
  const row: UserRow = {
    id,
    account,
    accountKey,
    passwordHash,
    phone,
    phoneProvenAt: phone === null ? null : createdAt,
    nickname: null,
    avatarUrl: null,
    externalId: null,
    role: 'user',
    disabledAt: null,
    createdAt,
    mergedInto: null,
    mergedUntil: null,
  }
  insertRow(state.users, id, row)
  return row
}

/** @throws Error where the user is gone */
export function requireUser(state: MemoryState, userId: string): UserRow {
  const user = state.users.get(userId)
  if (user === undefined) throw new Error(`there is no user ${userId}`)
  return user
}

/** @throws Error where the user is gone */
export function changeUser(state: MemoryState, userId: string, change: Partial<UserRow>): UserRow {
  const changed = { ...requireUser(state, userId), ...change }
  state.users.set(userId, changed)
  return changed
}

/** Takes the number from a user, with a password that is of no use without it. */
export function clearPhone(state: MemoryState, userId: string): void {
  const { account, passwordHash } = requireUser(state, userId)
  changeUser(state, userId, {
    phone: null,
    phoneProvenAt: null,
    passwordHash: account === null ? null : passwordHash,
  })
}
