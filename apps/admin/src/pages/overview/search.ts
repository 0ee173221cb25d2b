import { choiceIn, given } from '../../address/read.ts'

/** How many days back the page looks. */
export function overviewSearch(raw: Record<string, unknown>) {
  return given({ days: choiceIn(raw['days'], [7, 14, 30, 90] as const) })
}
