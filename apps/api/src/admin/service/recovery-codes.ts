import { randomInt } from 'node:crypto'
import type { RecoveryCodes } from '@mianmi/core/admin'
import type { RootKey } from '../../tokens/root-key.ts'

/** Without I, L, O, 0 and 1, which are easily confused on paper. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const codeCount = 10
const groupCount = 3
const groupLength = 4

const textOf = (userId: string, code: string): string =>
  `${userId} ${code.toUpperCase().replace(/[^0-9A-Z]/g, '')}`

/** Recovery codes of three groups of four characters: 12 of 31 characters are 59 random bits. */
export function createRecoveryCodes(root: RootKey): RecoveryCodes {
  const group = (): string =>
    Array.from({ length: groupLength }, () => alphabet[randomInt(alphabet.length)]).join('')
  return {
    draw: () =>
      Array.from({ length: codeCount }, () => Array.from({ length: groupCount }, group).join('-')),
    hash: (userId, code) => root.mac('recovery code', textOf(userId, code)),
    formerHashes: (userId, code) => root.macs('recovery code', textOf(userId, code)).slice(1),
  }
}
