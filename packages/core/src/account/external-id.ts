/** Most characters of an external id. */
export const maxExternalIdLength = 255

/** Control characters, half surrogates, line and paragraph separators: a database or a log line may end or change at one. */
const refused = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u

/**
 * Whether a text can be an external id: the id that a user has in the team's own system. It is compared exactly, so
 * white space around it, which is nearly always a mistake, is refused.
 */
export function isExternalId(text: string): boolean {
  return (
    text.length > 0 &&
    text.length <= maxExternalIdLength &&
    text.trim() === text &&
    !refused.test(text)
  )
}
