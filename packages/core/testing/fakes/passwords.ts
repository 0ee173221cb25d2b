import { Failure, type Passwords } from '../../src/index.ts'

export interface FakePasswords extends Passwords {
  /** The hashes that passwords were compared with, in order. */
  readonly compared: (string | null)[]
  /** What happens while the next password is hashed or compared. */
  meanwhile: (() => Promise<unknown>) | null
  /** While it is true, the hasher is too busy: what needs it fails with `overloaded`. */
  isOverloaded: boolean
}

/** The password that guessers try first. */
export const commonPassword = 'password123456'

/** Hashes that show their password. */
export function createFakePasswords(): FakePasswords {
  const hashOf = (password: string): string => `hash of ${password}`
  const passwords: FakePasswords = {
    compared: [],
    meanwhile: null,
    isOverloaded: false,

    async hash(password) {
      await work()
      return hashOf(password)
    },

    async verify(password, hash) {
      await work()
      passwords.compared.push(hash)
      return hash === hashOf(password)
    },

    isCommon: async (password) => password === commonPassword,
  }
  return passwords

  async function work(): Promise<void> {
    if (passwords.isOverloaded) throw new Failure('overloaded', { retryAfter: 1 })
    const { meanwhile } = passwords
    passwords.meanwhile = null
    await meanwhile?.()
  }
}
