import { choiceParam, omitUndefined, textParam } from '../../search-params.ts'

/** Where to go back to afterwards, and why one was sent here. */
export function signInSearch(raw: Record<string, unknown>) {
  return omitUndefined({
    back: textParam(raw['back'], 2_000),
    why: choiceParam(raw['why'], ['idle', 'forbidden'] as const),
  })
}
