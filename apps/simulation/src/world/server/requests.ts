import type { HttpRequest } from './service.ts'

/** A procedure call that a request asks for. */
export interface RequestedCall {
  readonly path: string
  readonly input: unknown
  /** The id that the phone gave it; null for a call that bears none. */
  readonly id: string | null
}

export interface ParsedRequest {
  readonly isBatch: boolean
  readonly calls: readonly RequestedCall[]
}

/** Reads a request by tRPC's protocol. */
export function parseRequest({ method, url, body, headers }: HttpRequest): ParsedRequest {
  const [path = '', query = ''] = url.split('?')
  const paths = path.replace(/^\/trpc\//, '').split(',')
  const isBatch = parameterOf(query, 'batch') === '1'
  const text = method === 'GET' ? parameterOf(query, 'input') : (body ?? null)
  const parsed: unknown = text === null || text === '' ? undefined : JSON.parse(text)
  const inputs = isBatch ? ((parsed ?? {}) as Record<number, unknown>) : [parsed]
  const ids = (headers['x-calls'] ?? '').split(',')
  return {
    isBatch,
    calls: paths.map((each, index) => ({
      path: each,
      input: inputs[index],
      id: ids[index] || null,
    })),
  }
}

/** A parameter of a query. Not by URLSearchParams, which took longer than the JSON. */
function parameterOf(query: string, name: string): string | null {
  if (query === '') return null
  const found = query.split('&').find((part) => part.startsWith(`${name}=`))
  return found === undefined
    ? null
    : decodeURIComponent(found.slice(name.length + 1).replaceAll('+', ' '))
}

const scheme = 'Bearer '

/** The access token that a request bears. */
export function accessTokenOf({ headers }: HttpRequest): string | null {
  const { authorization } = headers
  return authorization?.startsWith(scheme) ? authorization.slice(scheme.length) : null
}
