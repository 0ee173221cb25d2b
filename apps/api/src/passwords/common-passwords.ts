/** The most used passwords. A longer list would also refuse strong ones. */
const listLength = 10_000

let commonPasswords: Promise<ReadonlySet<string>> | undefined

/** Whether a password, regardless of case, is among the 10,000 most used (NIST SP 800-63B §5.1.1.2). */
export async function isCommonPassword(password: string): Promise<boolean> {
  // Loaded at the first new password, because a start does not need it.
  commonPasswords ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common'].slice(0, listLength)),
  )
  return (await commonPasswords).has(password.toLowerCase())
}
