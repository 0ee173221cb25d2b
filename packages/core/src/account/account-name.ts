import { isOneScript } from './name-scripts.ts'
import { isWrittenAsPhone } from './phone-number.ts'

/** Characters of an account name, both as it is typed and in the form under which it is unique. */
export const accountNameLength = { least: 3, most: 64 } as const

/** Letters, digits and marks of any script, and `. _ - @ +`. */
export const accountNameAlphabet: RegExp = /^[\p{L}\p{M}\p{N}._@+-]+$/u
/** Drawn as nothing, so that two names look alike (RFC 8265 §3.3 by RFC 8264 §9.13). */
const invisible = /\p{Default_Ignorable_Code_Point}/u

/**
 * The form in which an account name is unique: NFKC and lower case, so `Ａｌｉｃｅ`, `ALICE` and `alice` are one
 * account (RFC 8265 §3.3, UsernameCaseMapped, with NFKC instead of NFC because Chinese input methods often
 * produce full-width letters).
 */
export function accountKey(name: string): string {
  // Lower-casing can leave a string that NFKC would change again, hence the second pass.
  return name.normalize('NFKC').toLowerCase().normalize('NFKC')
}

/**
 * Whether a new account may have this name: 3 to 64 letters, digits, marks and `. _ - @ +`, also after NFKC; no
 * character that is drawn as nothing; no mix of scripts that lets it be taken for another name (UTS 39 §5); and no phone
 * number, which another person may prove to be theirs.
 */
export function isAccountName(name: string): boolean {
  const folded = name.normalize('NFKC')
  return (
    [name, folded].every(
      (text) =>
        text.length >= accountNameLength.least &&
        text.length <= accountNameLength.most &&
        accountNameAlphabet.test(text) &&
        !invisible.test(text),
    ) &&
    isOneScript(folded) &&
    !isWrittenAsPhone(folded)
  )
}
