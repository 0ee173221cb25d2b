import { type AnyTRPCProcedure, initTRPC } from '@trpc/server'
import { getParseFn } from '@trpc/server/unstable-core-do-not-import'

/** What a middleware's `next` resolves to, and what the middleware must return. */
export type MiddlewareResult = { readonly marker: string } & (
  | { readonly ok: true; readonly data: unknown; readonly ctx?: unknown }
  | { readonly ok: false; readonly error: unknown }
)

type Middleware = ((options: object) => Promise<MiddlewareResult>) & { _type?: unknown }

/** A parser's function; it may return a promise. */
export type Parse = (value: unknown) => unknown

/** One step before or after the resolver. */
export type ChainStep =
  | { readonly kind: 'input'; readonly parse: Parse }
  | { readonly kind: 'output'; readonly parse: Parse }
  | { readonly kind: 'middleware'; readonly run: Middleware }

/** A procedure taken apart: the steps around its resolver, and the resolver. */
export interface ProcedureChain {
  readonly steps: readonly ChainStep[]
  /** Whether no step is a middleware. */
  readonly hasOnlyParsers: boolean
  readonly resolver: (options: object) => unknown
  readonly meta: unknown
}

/** What tRPC's builder stores in a procedure; semver does not cover it. */
interface ProcedureDefinition {
  readonly middlewares?: readonly Middleware[]
  readonly inputs?: readonly Parser[]
  readonly output?: Parser
  readonly resolver?: unknown
}

type Parser = Parameters<typeof getParseFn>[0]

// A reference procedure made by the installed tRPC. A procedure whose source text differs was wrapped, or made by
// another version; its steps must not be run here.
const reference: AnyTRPCProcedure = initTRPC
  .create({ allowOutsideOfServer: true })
  .procedure.query(() => null)
const referenceSource = String(reference)
const referenceLastSource = String(definitionOf(reference).middlewares?.at(-1))

function definitionOf(procedure: AnyTRPCProcedure): ProcedureDefinition {
  return procedure._def as ProcedureDefinition
}

/** Null for a procedure that is more than its steps (one with an `experimental_caller`, or wrapped by hand). */
export function procedureChainOf(procedure: AnyTRPCProcedure): ProcedureChain | null {
  const definition = definitionOf(procedure)
  const { middlewares = [], resolver } = definition
  if (String(procedure) !== referenceSource) return null
  // The last middleware is the one in which tRPC calls the resolver.
  if (String(middlewares.at(-1)) !== referenceLastSource) return null
  if (typeof resolver !== 'function') return null
  const steps = stepsOf(middlewares.slice(0, -1), definition)
  return {
    steps,
    hasOnlyParsers: steps.every(({ kind }) => kind !== 'middleware'),
    resolver: resolver as ProcedureChain['resolver'],
    meta: procedure._def.meta,
  }
}

/** Maps tRPC's parser middlewares to their parsers, unless their numbers differ; then they stay middlewares. */
function stepsOf(middlewares: readonly Middleware[], definition: ProcedureDefinition): ChainStep[] {
  const { inputs = [], output } = definition
  const count = (type: string) => middlewares.filter(({ _type }) => _type === type).length
  const hasAllInputs = count('input') === inputs.length
  const hasAllOutputs = count('output') === (output === undefined ? 0 : 1)
  let input = 0
  return middlewares.map((run): ChainStep => {
    const parser =
      run._type === 'input' && hasAllInputs
        ? inputs[input++]
        : run._type === 'output' && hasAllOutputs
          ? output
          : undefined
    if (parser === undefined) return { kind: 'middleware', run }
    return { kind: run._type === 'input' ? 'input' : 'output', parse: getParseFn(parser) }
  })
}
