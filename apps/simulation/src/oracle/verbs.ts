import type { AdminPorts } from '@mianmi/core/admin'
import type { CommittedVerb } from '../world/server/service.ts'

type Verbs<Port> = {
  [Verb in keyof Port]: Port[Verb] extends (...args: infer Args) => Promise<infer Result>
    ? (args: Args, result: Result) => void
    : never
}

/** What to do for verbs of stores, by port and name. */
export type VerbTable = { [Port in keyof AdminPorts]?: Partial<Verbs<AdminPorts[Port]>> }

type Handler = (args: readonly unknown[], result: unknown) => void

/** Returns a function that passes a committed verb to its entry in the table. */
export function byVerb(table: VerbTable): (verb: CommittedVerb) => void {
  const handlers = new Map<string, Handler>()
  for (const [port, verbs] of Object.entries(table))
    for (const [name, handler] of Object.entries(verbs as Record<string, Handler>))
      handlers.set(`${port}.${name}`, handler)
  return ({ name, args, result }) => handlers.get(name)?.(args, result)
}
