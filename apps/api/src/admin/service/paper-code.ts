import { randomInt } from 'node:crypto'

/** Without I, L, O, 0 and 1, which are easily confused on paper. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const groupLength = 4

/** A random code in groups of four characters of 31: a group has 19.8 random bits. */
export function drawCode(groupCount: number): string {
  const group = (): string =>
    Array.from({ length: groupLength }, () => alphabet[randomInt(alphabet.length)]).join('')
  return Array.from({ length: groupCount }, group).join('-')
}

/** A typed code without spaces, hyphens and lower case. */
export function plainText(code: string): string {
  return code.toUpperCase().replace(/[^0-9A-Z]/g, '')
}
