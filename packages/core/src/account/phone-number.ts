/**
 * The form in which a typed phone number is stored: `13912345678`, and `+85261234567` for other countries. Accepts
 * spellings such as `+86 139-1234 5678` and `0086…`. Null where the text is no number with its country code.
 */
export function phoneNumber(text: string): string | null {
  const digits = text.normalize('NFKC').replaceAll(/[\s().-]/g, '')
  const [, mainland] = /^(?:(?:\+|00)?86)?(1\d{10})$/.exec(digits) ?? []
  if (mainland !== undefined) return mainland
  const [, abroad] = /^(?:\+|00)?([1-9]\d{6,14})$/.exec(digits) ?? []
  return abroad === undefined ? null : `+${abroad}`
}

/**
 * Whether a text is written as a phone number: a mainland number in any spelling, or one with `+` or `00` before its
 * country code. Other digits may be a number of students or staff, so `findCandidates` takes them for both.
 */
export function isWrittenAsPhone(text: string): boolean {
  const phone = phoneNumber(text)
  if (phone === null) return false
  return !phone.startsWith('+') || /^(?:\+|00)/.test(text.replaceAll(/[().-]/g, ''))
}
