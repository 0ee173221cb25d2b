import { choiceParam, omitUndefined, textParam, timeParam } from '../../search-params.ts'
import { type Action, actionNames } from './action-names.ts'
import { type Outcome, outcomeNames } from './outcome-names.ts'

const actions = Object.keys(actionNames.zh) as Action[]
const outcomes = Object.keys(outcomeNames.zh) as Outcome[]

/** The filters in the URL of the audit log. */
export function auditSearch(raw: Record<string, unknown>) {
  return omitUndefined({
    from: timeParam(raw['from']),
    to: timeParam(raw['to']),
    action: choiceParam(raw['action'], actions),
    outcome: choiceParam(raw['outcome'], outcomes),
    userId: textParam(raw['userId'], 64),
    operatorId: textParam(raw['operatorId'], 64),
    cursor: textParam(raw['cursor'], 256),
  })
}
