import { choiceParam, omitUndefined, textParam, timeParam } from '../../search-params.ts'
import type { AdminInput } from '../../service/trpc-client.ts'
import { type Action, actionNames } from './action-names.ts'
import { type Outcome, outcomeNames } from './outcome-names.ts'

const actions = Object.keys(actionNames.zh) as Action[]
const outcomes = Object.keys(outcomeNames.zh) as Outcome[]

const kinds = ['change', 'read', 'all'] as const

/** The filters in the URL of the audit log. */
export function auditSearch(raw: Record<string, unknown>) {
  return omitUndefined({
    from: timeParam(raw['from']),
    to: timeParam(raw['to']),
    action: choiceParam(raw['action'], actions),
    outcome: choiceParam(raw['outcome'], outcomes),
    kind: choiceParam(raw['kind'], kinds),
    userId: textParam(raw['userId'], 64),
    operatorId: textParam(raw['operatorId'], 64),
    cursor: textParam(raw['cursor'], 256),
  })
}

export type AuditSearch = ReturnType<typeof auditSearch>

/** What is shown without `kind`: changes alone, and of one person everything, so also who looked at the person. */
export function kindOf({ kind, userId }: Pick<AuditSearch, 'kind' | 'userId'>) {
  return kind ?? (userId === undefined ? 'change' : 'all')
}

/** The filter that the service gets. An action is of one kind, so no kind is named beside it. */
export function toAuditFilter({
  kind: chosen,
  ...search
}: AuditSearch): AdminInput['audit']['list'] {
  const kind = kindOf({ ...search, kind: chosen })
  return kind === 'all' || search.action !== undefined ? search : { ...search, kind }
}
