import { choiceParam, omitUndefined } from '../../search-params.ts'

/** The period of the overview, in days. */
export function overviewSearch(raw: Record<string, unknown>) {
  return omitUndefined({ days: choiceParam(raw['days'], [7, 14, 30, 90] as const) })
}
