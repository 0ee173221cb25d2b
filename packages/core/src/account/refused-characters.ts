/**
 * Characters that no name and no id may have: control characters, half surrogates, line and paragraph separators, at
 * which a database or a log line may end or change, and format characters, which are not seen, among them those that turn
 * the direction of the text around them (UAX 9 §2). Emoji need three kinds of format characters: the joiners and, in
 * flags of regions, tags.
 */
export const refusedCharacter: RegExp =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?!\u200c|\u200d|[\u{e0020}-\u{e007f}])\p{Cf}/u
