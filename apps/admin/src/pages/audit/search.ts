import { choiceIn, given, textIn, timeIn } from '../../address/read.ts'
import { type Action, actionNames } from './action-names.ts'
import { type Outcome, outcomeNames } from './outcome-names.ts'

const actions = Object.keys(actionNames.zh) as Action[]
const outcomes = Object.keys(outcomeNames.zh) as Outcome[]

/** The filters of this page, which the address holds. */
export function auditSearch(raw: Record<string, unknown>) {
  return given({
    from: timeIn(raw['from']),
    to: timeIn(raw['to']),
    action: choiceIn(raw['action'], actions),
    outcome: choiceIn(raw['outcome'], outcomes),
    userId: textIn(raw['userId'], 64),
    operatorId: textIn(raw['operatorId'], 64),
    cursor: textIn(raw['cursor'], 256),
  })
}
