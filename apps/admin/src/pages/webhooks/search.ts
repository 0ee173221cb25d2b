import { omitUndefined, textParam } from '../../search-params.ts'

/** The deliveries that were given up in the URL: their webhook and their page. */
export function webhooksSearch(raw: Record<string, unknown>) {
  return omitUndefined({
    webhook: textParam(raw['webhook'], 128),
    cursor: textParam(raw['cursor'], 256),
  })
}
