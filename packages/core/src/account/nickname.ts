/** Characters of a nickname. */
export const nicknameLength = 32

/**
 * Control characters, half surrogates, line and paragraph separators, and format characters, among them those that turn
 * the direction of the text around them (UAX 9 §2). Emoji need three kinds of format characters: the joiners and, in
 * flags of regions, tags.
 */
const refused = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?!\u200c|\u200d|[\u{e0020}-\u{e007f}])\p{Cf}/u
/** Something that is drawn. A blank Braille pattern and the fillers of Hangul are not. */
const visible = /(?!\p{Default_Ignorable_Code_Point}|\u2800)[^\p{Z}\p{C}\p{M}]/u

/** Whether a nickname can be shown to others: something of it is visible, and it cannot change the text around it. */
export function isNickname(nickname: string): boolean {
  return !refused.test(nickname) && visible.test(nickname)
}
