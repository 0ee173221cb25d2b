/** A person: one WeChat, one number, and the accounts that the person knows a password of. */
export interface Person {
  readonly name: string
  /** Null after it was given back to the carrier. */
  number: string | null
  readonly accounts: Credential[]
  /** Whether the person acts against others. */
  readonly isAttacker: boolean
}

export interface Credential {
  readonly account: string
  password: string
}

export const names = ['Ming', 'Hua', 'Lan'] as const
export const attackerName = 'Mallory'

export const firstNumber = (index: number): string => `138001380${String(index).padStart(2, '0')}`
