export type LinkHeaders = Record<string, string | undefined>

/** Later ones win, whatever the case of their names; undefined leaves a header out. */
export function mergeHeaders(...layers: (LinkHeaders | undefined)[]): Record<string, string> {
  const merged: Record<string, string> = {}
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer ?? {})) {
      if (value !== undefined) merged[name.toLowerCase()] = value
    }
  }
  return merged
}

/** Headers that a link before this one has put into the call's context. */
export function contextHeaders(context: Record<string, unknown>): LinkHeaders {
  const headers = context['headers']
  return typeof headers === 'object' && headers !== null ? (headers as LinkHeaders) : {}
}

/** Equal for calls that may share a request: one caller's token must not serve another's call. */
export function headersKey(headers: LinkHeaders): string {
  return JSON.stringify(Object.entries(mergeHeaders(headers)).sort())
}
