import { type AnyTRPCProcedure, initTRPC } from '@trpc/server'
import { getParseFn } from '@trpc/server/unstable-core-do-not-import'

/** What a middleware gets from `next`, and what it gives. */
export type Outcome = { readonly marker: string } & (
  | { readonly ok: true; readonly data: unknown; readonly ctx?: unknown }
  | { readonly ok: false; readonly error: unknown }
)

type Middleware = ((options: object) => Promise<Outcome>) & { _type?: unknown }
export type Parse = (value: unknown) => unknown

export type Level =
  | { readonly kind: 'input'; readonly parse: Parse }
  | { readonly kind: 'output'; readonly parse: Parse }
  | { readonly kind: 'middleware'; readonly run: Middleware }

/** A procedure taken apart: what runs before its resolver, and the resolver. */
export interface Chain {
  readonly levels: readonly Level[]
  /** Whether nothing but parsers stands before the resolver. */
  readonly straight: boolean
  readonly resolver: (options: object) => unknown
  readonly meta: unknown
}

/** What tRPC's builder keeps of a procedure; no semver covers it. */
interface Parts {
  readonly middlewares?: readonly Middleware[]
  readonly inputs?: readonly Parser[]
  readonly output?: Parser
  readonly resolver?: unknown
}

type Parser = Parameters<typeof getParseFn>[0]

// Made by tRPC itself, so that a procedure that somebody wrapped, or that another version made, is told
// from one whose levels may be run from here.
const model: AnyTRPCProcedure = initTRPC
  .create({ allowOutsideOfServer: true })
  .procedure.query(() => null)
const modelSource = String(model)
const modelEnd = String(partsOf(model).middlewares?.at(-1))

function partsOf(procedure: AnyTRPCProcedure): Parts {
  return procedure._def as Parts
}

/** Null for a procedure that is more than its levels (with a caller of its own, wrapped): it is called whole. */
export function chainOf(procedure: AnyTRPCProcedure): Chain | null {
  const parts = partsOf(procedure)
  const { middlewares = [], resolver } = parts
  if (String(procedure) !== modelSource || String(middlewares.at(-1)) !== modelEnd) return null
  if (typeof resolver !== 'function') return null
  const levels = levelsOf(middlewares.slice(0, -1), parts)
  return {
    levels,
    straight: levels.every(({ kind }) => kind !== 'middleware'),
    resolver: resolver as Chain['resolver'],
    meta: procedure._def.meta,
  }
}

/** Parsers are run from here, as tRPC's own middlewares would, unless they cannot be told one from the other. */
function levelsOf(middlewares: readonly Middleware[], parts: Parts): Level[] {
  const { inputs = [], output } = parts
  const count = (type: string) => middlewares.filter(({ _type }) => _type === type).length
  const inputsKnown = count('input') === inputs.length
  const outputsKnown = count('output') === (output === undefined ? 0 : 1)
  let input = 0
  return middlewares.map((run): Level => {
    const parser =
      run._type === 'input' && inputsKnown
        ? inputs[input++]
        : run._type === 'output' && outputsKnown
          ? output
          : undefined
    if (parser === undefined) return { kind: 'middleware', run }
    return { kind: run._type === 'input' ? 'input' : 'output', parse: getParseFn(parser) }
  })
}
