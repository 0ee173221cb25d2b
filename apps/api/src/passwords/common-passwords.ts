import { dictionary } from '@zxcvbn-ts/language-common'

/** The passwords that guessers try first, most used first; a longer list would refuse good ones by accident. */
const tried = new Set(dictionary['passwords-common'].slice(0, 10_000))

/** Whether a password, whatever its case, is among the ten thousand most used. */
export function isCommonPassword(password: string): boolean {
  return tried.has(password.toLowerCase())
}
