import { choiceParam, omitUndefined } from '../../search-params.ts'
import type { AdminInput } from '../../service/trpc-client.ts'
import { type Action, actionNames } from './action-names.ts'
import { type Outcome, outcomeNames } from './outcome-names.ts'
import type { AuditSearch } from './search.ts'

const actions = Object.keys(actionNames.zh) as Action[]
const outcomes = Object.keys(outcomeNames.zh) as Outcome[]

/** The filters of the URL without an action or outcome that the service does not know. */
export function auditFilter({ action, outcome, ...search }: Omit<AuditSearch, 'cursor'>) {
  const known = { action: choiceParam(action, actions), outcome: choiceParam(outcome, outcomes) }
  return omitUndefined({ ...search, ...known })
}

export type AuditFilter = ReturnType<typeof auditFilter>

/** What is shown without `kind`: changes alone, and of one person everything, so also who looked at the person. */
export function kindOf({ kind, userId }: Pick<AuditFilter, 'kind' | 'userId'>) {
  return kind ?? (userId === undefined ? 'change' : 'all')
}

/** The filter that the service gets. An action is of one kind, so no kind is named beside it. */
export function toAuditQuery({
  kind: chosen,
  ...filter
}: AuditFilter): AdminInput['audit']['list'] {
  const kind = kindOf({ ...filter, kind: chosen })
  return kind === 'all' || filter.action !== undefined ? filter : { ...filter, kind }
}
