/** The passwords that guessers try first; a longer list would refuse good ones by accident. */
const listed = 10_000

let tried: Promise<ReadonlySet<string>> | undefined

/** Whether a password, whatever its case, is among the ten thousand most used. */
export async function isCommonPassword(password: string): Promise<boolean> {
  // Unpacked when the first new password comes: a start need not wait for it.
  tried ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common'].slice(0, listed)),
  )
  return (await tried).has(password.toLowerCase())
}
