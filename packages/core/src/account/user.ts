export type Role = 'user' | 'admin'

/** A user as every call that is signed in finds it. Times are milliseconds since the epoch. */
export interface User {
  readonly id: string
  readonly account: string | null
  /** Masked by the store: no use case needs the number itself. */
  readonly phone: string | null
  readonly nickname: string | null
  readonly avatarUrl: string | null
  readonly role: Role
  readonly disabledAt: number | null
  readonly createdAt: number
}

/** A user as the store keeps it. */
export interface UserRecord extends User {
  readonly passwordHash: string | null
}

/** A user as others may see it: no password hash, and a phone number that cannot be called. */
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
  // Masked twice is masked once, and a store that forgot to would still show nobody's number.
  const phone = user.phone === null ? null : maskPhone(user.phone)
  return { id, account, phone, nickname, avatarUrl, role, createdAt }
}

/** `13800138000` → `138****8000`; a number too short to hide anything in is hidden whole. */
export function maskPhone(phone: string): string {
  if (phone.length < 9) return '****'
  return `${phone.slice(0, -8)}****${phone.slice(-4)}`
}
