import { choiceParam, dayParam, omitUndefined } from '../../search-params.ts'
import { faultOf } from './day-range.ts'

/** The period of the overview: the last days, or two days that the service accepts as a range. */
export function overviewSearch(raw: Record<string, unknown>) {
  const [from, to] = [dayParam(raw['from']), dayParam(raw['to'])]
  if (from !== undefined && to !== undefined && faultOf({ from, to }) === null)
    return omitUndefined({ days: undefined, from, to })
  const days = choiceParam(raw['days'], [7, 14, 30, 90] as const)
  return omitUndefined({ days, from: undefined, to: undefined })
}
