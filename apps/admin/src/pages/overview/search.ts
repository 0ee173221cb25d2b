import { choiceIn } from '../../address/read.ts'

/** How many days back the page looks. */
export function overviewSearch(raw: Record<string, unknown>) {
  return { days: choiceIn(raw['days'], [7, 14, 30, 90] as const) }
}
