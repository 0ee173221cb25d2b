import { randomInt } from 'node:crypto'
import type { RecoveryCodes } from '@mianmi/core/admin'
import type { RootKey } from '../../tokens/root-key.ts'

/** Without I, L, O, 0 and 1, which look alike on paper. */
const letters = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const codes = 10
const groups = 3
const perGroup = 4

/** Twelve letters of 31: 59 bits each, in three groups. */
export function createRecoveryCodes(root: RootKey): RecoveryCodes {
  const group = (): string =>
    Array.from({ length: perGroup }, () => letters[randomInt(letters.length)]).join('')
  return {
    draw: () =>
      Array.from({ length: codes }, () => Array.from({ length: groups }, group).join('-')),
    hash(userId, code) {
      const typed = code.toUpperCase().replace(/[^0-9A-Z]/g, '')
      return root.mac('recovery code', `${userId} ${typed}`)
    },
  }
}
