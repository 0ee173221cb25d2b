export type Role = 'user' | 'admin'

/** A user as it is read on every authenticated call. Times are milliseconds since the epoch. */
export interface User {
  readonly id: string
  readonly account: string | null
  /** Masked by the store, because no use case needs the full number. */
  readonly phone: string | null
  readonly nickname: string | null
  readonly avatarUrl: string | null
  readonly role: Role
  readonly disabledAt: number | null
  readonly createdAt: number
}

/** A user as the store keeps it. */
export interface UserRecord extends User {
  /** The id that the user has in the team's own system. Unique; users neither see nor change it. */
  readonly externalId: string | null
  readonly passwordHash: string | null
  /** When WeChat last proved that the number is the user's; null without a number. */
  readonly phoneProvenAt: number | null
}

/** A user as clients see it: without password hash, and with a masked phone number. */
export interface UserView {
  readonly id: string
  readonly account: string | null
  readonly phone: string | null
  readonly nickname: string | null
  readonly avatarUrl: string | null
  readonly role: Role
  readonly createdAt: number
}

export function viewUser(user: User): UserView {
  const { id, account, nickname, avatarUrl, role, createdAt } = user
  // Masking is idempotent. This second mask keeps the number hidden if a store forgets the first.
  const phone = user.phone === null ? null : maskPhone(user.phone)
  return { id, account, phone, nickname, avatarUrl, role, createdAt }
}

/** `13800138000` → `138****8000`. A number of fewer than 9 characters is hidden completely. */
export function maskPhone(phone: string): string {
  if (phone.length < 9) return '****'
  return `${phone.slice(0, -8)}****${phone.slice(-4)}`
}
