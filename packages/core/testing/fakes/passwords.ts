import { Failure, type PasswordCaller, type Passwords } from '../../src/index.ts'

export interface FakePasswords extends Passwords {
  /** The hashes that passwords were compared with, in order. */
  readonly compared: (string | null)[]
  /** For whom passwords were hashed or compared, in order. */
  readonly callers: (PasswordCaller | undefined)[]
  /** What happens while the next password is hashed or compared. */
  meanwhile: (() => Promise<unknown>) | null
  /** While it is true, the hasher is too busy: what needs it fails with `overloaded`. */
  isOverloaded: boolean
}

/** The password that guessers try first. */
export const commonPassword = 'password123456'

const importedPrefix = 'imported hash of '
/** A hash as another system made it. */
export const importedHash = (password: string): string => `${importedPrefix}${password}`

/** Hashes that show their password. */
export function createFakePasswords(): FakePasswords {
  const hashOf = (password: string): string => `hash of ${password}`
  const passwords: FakePasswords = {
    compared: [],
    callers: [],
    meanwhile: null,
    isOverloaded: false,

    async hash(password, caller) {
      await work(caller)
      return hashOf(password)
    },

    async verify(password, hash, caller) {
      await work(caller)
      passwords.compared.push(hash)
      return hash === hashOf(password) || hash === importedHash(password)
    },

    isRenewable: (hash) => hash.startsWith(importedPrefix),

    isCommon: async (password) => password === commonPassword,
  }
  return passwords

  async function work(caller: PasswordCaller | undefined): Promise<void> {
    passwords.callers.push(caller)
    if (passwords.isOverloaded) throw new Failure('overloaded', { retryAfter: 1 })
    const { meanwhile } = passwords
    passwords.meanwhile = null
    await meanwhile?.()
  }
}
