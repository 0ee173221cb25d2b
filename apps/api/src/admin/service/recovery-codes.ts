import type { RecoveryCodes } from '@mianmi/core/admin'
import type { RootKey } from '../../tokens/root-key.ts'
import { drawCode, plainText } from './paper-code.ts'

const codeCount = 10
const groupCount = 3

const textOf = (userId: string, code: string): string => `${userId} ${plainText(code)}`

/** Recovery codes of three groups of four characters: 12 of 31 characters are 59 random bits. */
export function createRecoveryCodes(root: RootKey): RecoveryCodes {
  return {
    draw: () => Array.from({ length: codeCount }, () => drawCode(groupCount)),
    hash: (userId, code) => root.mac('recovery code', textOf(userId, code)),
    formerHashes: (userId, code) => root.macs('recovery code', textOf(userId, code)).slice(1),
  }
}
