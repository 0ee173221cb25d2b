/** The three parameters of a query that tRPC's HTTP protocol gives a meaning. */
export interface Query {
  readonly batch: boolean
  /** JSON, or null where there is none. */
  readonly input: string | null
  readonly connectionParams: boolean
}

const empty: Query = { batch: false, input: null, connectionParams: false }

/**
 * Reads the query of a request target as `URLSearchParams` would, of which it makes one only
 * where something unusual is encoded: the first of equal names counts, `+` is a space.
 */
export function readQuery(target: string): Query {
  const mark = target.indexOf('?')
  if (mark === -1) return empty
  let batch: string | null = null
  let input: string | null = null
  let connectionParams = false
  for (let start = mark + 1; start < target.length; ) {
    let end = target.indexOf('&', start)
    if (end === -1) end = target.length
    let equals = target.indexOf('=', start)
    if (equals === -1 || equals > end) equals = end
    const name = target.slice(start, equals)
    if (isEncoded(name)) return readUnusual(target.slice(mark))
    if (name === 'batch') batch ??= target.slice(equals + 1, end)
    else if (name === 'input') input ??= target.slice(equals + 1, end)
    else if (name === 'connectionParams') connectionParams = true
    start = end + 1
  }
  if (batch !== null && isEncoded(batch)) return readUnusual(target.slice(mark))
  if (input !== null && isEncoded(input)) {
    try {
      input = decodeURIComponent(input.includes('+') ? input.replaceAll('+', ' ') : input)
    } catch {
      return readUnusual(target.slice(mark))
    }
  }
  return { batch: batch === '1', input, connectionParams }
}

function isEncoded(text: string): boolean {
  return text.includes('%') || text.includes('+')
}

/** What `decodeURIComponent` refuses, `URLSearchParams` mends in ways not worth writing again. */
function readUnusual(query: string): Query {
  const params = new URLSearchParams(query)
  return {
    batch: params.get('batch') === '1',
    input: params.get('input'),
    connectionParams: params.has('connectionParams'),
  }
}
