import { choiceIn, given, textIn } from '../../address/read.ts'

/** The filters of this page, which the address holds. */
export function peopleSearch(raw: Record<string, unknown>) {
  return given({
    search: textIn(raw['search'], 128),
    status: choiceIn(raw['status'], ['active', 'disabled'] as const),
    role: choiceIn(raw['role'], ['user', 'admin'] as const),
    appId: textIn(raw['appId'], 64),
    cursor: textIn(raw['cursor'], 4_096),
  })
}
