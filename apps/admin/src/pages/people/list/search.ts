import { choiceParam, omitUndefined, textParam } from '../../../search-params.ts'

/** The filters and the order in the URL of the list of people. */
export function peopleSearch(raw: Record<string, unknown>) {
  const filters = {
    search: textParam(raw['search'], 128),
    status: choiceParam(raw['status'], ['active', 'disabled'] as const),
    role: choiceParam(raw['role'], ['user', 'admin'] as const),
    appId: textParam(raw['appId'], 64),
  }
  const sort = choiceParam(raw['sort'], sortsOf(filters))
  return omitUndefined({ ...filters, sort, cursor: textParam(raw['cursor'], 4_096) })
}

/**
 * The orders that the service has for these filters, beside the newest first: a search has an order of its own, and the
 * order of the account names is that of everyone.
 */
export function sortsOf({
  search,
  ...filters
}: {
  search?: string | undefined
  status?: string | undefined
  role?: string | undefined
  appId?: string | undefined
}): readonly ('oldest' | 'account')[] {
  if (search !== undefined) return []
  const { status, role, appId } = filters
  return (status ?? role ?? appId) === undefined ? ['oldest', 'account'] : ['oldest']
}
