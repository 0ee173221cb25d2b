import { choiceParam, omitUndefined, textParam } from '../../search-params.ts'

/** The page to return to after sign-in, and why the user was sent here. */
export function signInSearch(raw: Record<string, unknown>) {
  return omitUndefined({
    back: textParam(raw['back'], 2_000),
    why: choiceParam(raw['why'], ['idle', 'forbidden'] as const),
  })
}
