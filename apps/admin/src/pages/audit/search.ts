import { choiceParam, omitUndefined, textParam, timeParam } from '../../search-params.ts'

const kinds = ['change', 'read', 'all'] as const

/**
 * The filters in the URL of the audit log. Codes of actions and outcomes are checked by the page, see `auditFilter`: the
 * names of all of them are too large for the router, which is loaded with the first page.
 */
export function auditSearch(raw: Record<string, unknown>) {
  return omitUndefined({
    from: timeParam(raw['from']),
    to: timeParam(raw['to']),
    action: textParam(raw['action'], 64),
    outcome: textParam(raw['outcome'], 64),
    kind: choiceParam(raw['kind'], kinds),
    userId: textParam(raw['userId'], 64),
    operatorId: textParam(raw['operatorId'], 64),
    cursor: textParam(raw['cursor'], 256),
  })
}

export type AuditSearch = ReturnType<typeof auditSearch>
