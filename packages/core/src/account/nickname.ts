import { refusedCharacter } from './refused-characters.ts'

/** Characters of a nickname. */
export const nicknameLength = 32

/** Something that is drawn. A blank Braille pattern and the fillers of Hangul are not. */
const visible = /(?!\p{Default_Ignorable_Code_Point}|\u2800)[^\p{Z}\p{C}\p{M}]/u

/** Whether a nickname can be shown to others: something of it is visible, and it cannot change the text around it. */
export function isNickname(nickname: string): boolean {
  return !refusedCharacter.test(nickname) && visible.test(nickname)
}
