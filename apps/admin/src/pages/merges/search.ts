import { omitUndefined, textParam } from '../../search-params.ts'

/** The page of conflicts in the URL. */
export function conflictsSearch(raw: Record<string, unknown>) {
  return omitUndefined({ cursor: textParam(raw['cursor'], 256) })
}
