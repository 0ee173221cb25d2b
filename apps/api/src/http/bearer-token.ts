const prefix = 'Bearer '
/** The white space that a header may contain: RFC 9110 §5.5, and that of Latin-1. */
const spaces = [' ', '\t', '\u00a0']

/**
 * The token of an `Authorization` header (RFC 6750 §2.1), or null. The scheme is not case-sensitive (RFC 9110
 * §11.1).
 */
export function bearerToken(header: string | undefined): string | null {
  if (header === undefined) return null
  // Fast path for the usual spelling; the regular expression accepts it too but takes five times as long.
  if (
    header.startsWith(prefix) &&
    header.length > prefix.length &&
    !hasSpace(header, prefix.length)
  )
    return header.slice(prefix.length)
  return header.match(/^Bearer +(\S+)$/i)?.[1] ?? null
}

function hasSpace(text: string, from: number): boolean {
  for (const space of spaces) if (text.indexOf(space, from) !== -1) return true
  return false
}
