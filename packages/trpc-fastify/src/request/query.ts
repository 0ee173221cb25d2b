/** The three query parameters of tRPC's HTTP protocol. */
export interface RpcQuery {
  /** Whether `batch` is `1`. */
  readonly batch: boolean
  /** JSON text, or null when absent. */
  readonly input: string | null
  /** Whether the query has `connectionParams`. */
  readonly connectionParams: boolean
}

const emptyQuery: RpcQuery = { batch: false, input: null, connectionParams: false }

/**
 * Reads the query of a request target with the result that `URLSearchParams` gives: the first of equal names counts,
 * `+` is a space. It creates a `URLSearchParams` only for unusual encodings, which is slower.
 */
export function readQuery(target: string): RpcQuery {
  const questionMark = target.indexOf('?')
  if (questionMark === -1) return emptyQuery
  let batch: string | null = null
  let input: string | null = null
  let connectionParams = false
  for (let start = questionMark + 1; start < target.length; ) {
    let end = target.indexOf('&', start)
    if (end === -1) end = target.length
    let equals = target.indexOf('=', start)
    if (equals === -1 || equals > end) equals = end
    const name = target.slice(start, equals)
    if (isEncoded(name)) return readBySearchParams(target.slice(questionMark))
    if (name === 'batch') batch ??= target.slice(equals + 1, end)
    else if (name === 'input') input ??= target.slice(equals + 1, end)
    else if (name === 'connectionParams') connectionParams = true
    start = end + 1
  }
  if (batch !== null && isEncoded(batch)) return readBySearchParams(target.slice(questionMark))
  if (input !== null && isEncoded(input)) {
    try {
      input = decodeURIComponent(input.includes('+') ? input.replaceAll('+', ' ') : input)
    } catch {
      return readBySearchParams(target.slice(questionMark))
    }
  }
  return { batch: batch === '1', input, connectionParams }
}

function isEncoded(text: string): boolean {
  return text.includes('%') || text.includes('+')
}

/** `URLSearchParams` also decodes what `decodeURIComponent` refuses. */
function readBySearchParams(query: string): RpcQuery {
  const params = new URLSearchParams(query)
  return {
    batch: params.get('batch') === '1',
    input: params.get('input'),
    connectionParams: params.has('connectionParams'),
  }
}
