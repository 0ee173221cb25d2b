export type Recorded = readonly [verb: string, ...args: unknown[]]

/** A service whose verbs record their arguments and resolve to what `answers` holds for them. */
export function recordService<Service extends object>(answers: Readonly<Record<string, unknown>>) {
  const calls: Recorded[] = []
  const service = new Proxy({} as Service, {
    get: (_target, verb: string) => {
      return async (...args: unknown[]) => {
        calls.push([verb, ...args])
        const answer = answers[verb]
        if (answer instanceof Error) throw answer
        return answer
      }
    },
  })
  return { service, calls }
}

/** The procedure of a caller at a path such as `session.list`. */
export function procedureAt(caller: object, path: string): (input?: unknown) => Promise<unknown> {
  const found = path
    .split('.')
    .reduce((at, name) => (at as Record<string, object>)[name] ?? {}, caller)
  return found as (input?: unknown) => Promise<unknown>
}
