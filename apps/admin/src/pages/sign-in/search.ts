import { choiceIn, given, textIn } from '../../address/read.ts'

/** Where to go back to afterwards, and why one was sent here. */
export function signInSearch(raw: Record<string, unknown>) {
  return given({
    back: textIn(raw['back'], 2_000),
    why: choiceIn(raw['why'], ['idle', 'forbidden'] as const),
  })
}
