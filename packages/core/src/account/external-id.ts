import { refusedCharacter } from './refused-characters.ts'

/** Most characters of an external id. */
export const maxExternalIdLength = 255

/**
 * Whether a text can be an external id: the id that a user has in the team's own system. It is compared exactly, so
 * white space around it, which is nearly always a mistake, is refused, and so is what is not seen, and U+FFFD, which
 * stands for bytes that were not read.
 */
export function isExternalId(text: string): boolean {
  return (
    text.length > 0 &&
    text.length <= maxExternalIdLength &&
    text.trim() === text &&
    !text.includes('\ufffd') &&
    !refusedCharacter.test(text)
  )
}
