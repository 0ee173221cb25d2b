import { choiceParam, omitUndefined, textParam } from '../../../search-params.ts'

/** The filters in the URL of the list of people. */
export function peopleSearch(raw: Record<string, unknown>) {
  return omitUndefined({
    search: textParam(raw['search'], 128),
    status: choiceParam(raw['status'], ['active', 'disabled'] as const),
    role: choiceParam(raw['role'], ['user', 'admin'] as const),
    appId: textParam(raw['appId'], 64),
    cursor: textParam(raw['cursor'], 4_096),
  })
}
