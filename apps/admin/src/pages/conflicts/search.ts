import { given, textIn } from '../../address/read.ts'

export function conflictsSearch(raw: Record<string, unknown>) {
  return given({ cursor: textIn(raw['cursor'], 256) })
}
