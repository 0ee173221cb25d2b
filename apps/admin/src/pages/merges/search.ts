import { omitUndefined, textParam } from '../../search-params.ts'

export function conflictsSearch(raw: Record<string, unknown>) {
  return omitUndefined({ cursor: textParam(raw['cursor'], 256) })
}
