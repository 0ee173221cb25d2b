import { type AnyTRPCQueryProcedure, initTRPC, lazy, TRPCError } from '@trpc/server'
import { z } from 'zod'

export interface Context {
  readonly user: string
}

export interface RouterSettings {
  /** Tags each value; an untagged value cannot be read. */
  readonly transformer?: boolean
  readonly formatter?: 'adds' | 'strips' | 'throws' | 'returns nothing' | 'odd status'
  readonly pathSeparator?: '.' | '~'
  readonly isDev?: boolean
}

/** What a resolver receives beside its typed options. */
interface Untyped {
  readonly type: string
  readonly getRawInput: () => Promise<unknown>
}

const tagging = {
  serialize: (value: unknown): unknown => ({
    tagged: value instanceof Date ? { date: value.toISOString() } : { json: value },
  }),
  deserialize: (value: { tagged: { date?: string; json?: unknown } }): unknown =>
    value.tagged.date === undefined ? value.tagged.json : new Date(value.tagged.date),
}

/** A router with one procedure for each feature of tRPC. */
export function createRouter(settings: RouterSettings) {
  const t = initTRPC.context<Context>().create({
    isDev: settings.isDev ?? false,
    ...(settings.pathSeparator && { pathSeparator: settings.pathSeparator }),
    ...(settings.transformer && { transformer: tagging }),
    errorFormatter: ({ shape, error, input, ctx, path, type }) => {
      if (settings.formatter === 'throws') throw new Error('no words')
      if (settings.formatter === 'returns nothing') return undefined as never
      if (settings.formatter === 'strips')
        return { code: shape.code, message: 'hidden' } as typeof shape
      if (settings.formatter === 'odd status')
        return { ...shape, data: { ...shape.data, httpStatus: 204 } }
      if (settings.formatter !== 'adds') return shape
      const seen = { input, ctx, path, type, cause: error.cause?.name }
      return { ...shape, data: { ...shape.data, ...seen } }
    },
  })
  const { procedure } = t
  const named = procedure.use(async ({ ctx, next, path, type, getRawInput, ...rest }) => {
    const raw = path === 'peek' ? await getRawInput() : undefined
    return next({ ctx: { ...ctx, seen: [path, type, raw, Object.keys(rest).length > 0] } })
  })
  return t.router({
    hello: procedure.query(() => 'hello'),
    nothing: procedure.query(() => undefined),
    nil: procedure.query(async () => null),
    who: procedure.query((options) => {
      const { ctx, path, type, batchIndex } = options as typeof options & Untyped
      return [ctx?.user, path, type, batchIndex]
    }),
    peek: named.query(({ ctx }) => ctx.seen),
    echo: procedure.input(z.unknown()).query(({ input }) => ({ input })),
    raw: procedure.query((options) => (options as typeof options & Untyped).getRawInput()),
    add: procedure
      .input(z.strictObject({ a: z.number() }))
      .input(z.object({ a: z.number(), b: z.number().default(10) }))
      .query(({ input }) => input.a + input.b),
    // Of two parsers' results only objects are merged.
    parsedTwice: procedure
      .input((value) => value as { last?: unknown })
      .input(
        (value: unknown) => (Array.isArray(value) ? ['last'] : { last: 1 }) as { last?: unknown },
      )
      .query(({ input }) => input),
    save: procedure.input(z.object({ name: z.string() })).mutation(({ input }) => input),
    clear: procedure.mutation(() => ({})),
    slowCheck: procedure
      .input(z.string().refine(async (text) => text !== 'bad'))
      .query(({ input }) => input),
    checked: procedure.output(z.object({ id: z.string() })).query(() => ({ id: 'a', secret: 'b' })),
    leaky: procedure.output(z.string()).query(() => 1 as never),
    checkedBehind: named.output(z.string()).query(({ ctx }) => ctx.user),
    leakyBehind: named.output(z.string()).query(() => 1 as never),
    slowOutput: procedure.output(z.string().refine(async () => true)).query(() => 'checked'),
    slowOutputBehind: named.output(z.string().refine(async () => true)).query(() => 'checked'),
    slowLeakBehind: named.output(z.string().refine(async () => false)).query(() => 'leak'),
    rejectedBehind: procedure
      .use(async ({ next }) => {
        const result = await next()
        if (result.ok) return result
        throw new TRPCError({ code: 'CONFLICT', message: `seen: ${result.error.code}` })
      })
      .use(async () => {
        await Promise.resolve()
        throw new RangeError('late')
      })
      .query(() => 'never'),
    date: procedure.query(() => new Date(0)),
    circle: procedure.query(() => {
      const circle: { self?: unknown } = {}
      circle.self = circle
      return circle
    }),
    bigint: procedure.query(() => 1n),
    promised: procedure.query(() => ({ later: Promise.resolve(1) })),
    generator: procedure.query(async function* () {
      yield 1
    }),
    array: procedure.query(() => [1, { a: undefined }, null]),
    refuse: procedure.query(() => {
      throw new TRPCError({ code: 'CONFLICT', message: 'taken' })
    }),
    refuseLate: procedure.mutation(async () => {
      await Promise.resolve()
      throw new TRPCError({ code: 'TOO_MANY_REQUESTS', cause: new Error('often') })
    }),
    crash: procedure.query(() => {
      throw new RangeError('out')
    }),
    crashOddly: procedure.query(() => {
      throw 'a string'
    }),
    guard: procedure
      .use(() => {
        throw new TRPCError({ code: 'FORBIDDEN' })
      })
      .query(() => 'never'),
    forgetful: procedure.use((() => undefined) as never).query(() => 'never'),
    around: procedure
      .use(async ({ next }) => {
        const outcome = await next()
        return outcome.ok ? outcome : next({ ctx: { retried: true } as never })
      })
      .query(({ ctx }) => {
        if ('retried' in ctx) return 'second time'
        throw new Error('first time')
      }),
    otherInput: procedure
      .use(({ next }) => next({ input: { a: 1 }, getRawInput: async () => ({ b: 2 }) } as never))
      .input(z.object({ b: z.number() }))
      .query(({ input }) => input),
    spread: procedure.query((options) => Object.keys({ ...options }).sort()),
    aborted: procedure.query(({ signal }) => [signal?.aborted, signal instanceof AbortSignal]),
    formatted: procedure
      .errors(({ shape, input }) => ({ ...shape, message: `mine: ${JSON.stringify(input)}` }))
      .input(z.object({ a: z.number() }))
      .query(({ input }) => input),
    withMeta: procedure.meta({}).query(() => 'meta'),
    called: procedure
      .experimental_caller(async ({ args, invoke }) => [await invoke(args[0] as never), 'wrapped'])
      .query((options) => {
        const { path, type, batchIndex, signal } = options as typeof options & Untyped
        return [path, type, batchIndex, signal instanceof AbortSignal]
      }) as unknown as AnyTRPCQueryProcedure,
    cleared: procedure
      .input(z.object({ a: z.number() }).optional())
      .use(({ next }) => next({ input: undefined } as never))
      .query(({ input }) => input === undefined),
    merged: procedure
      .use(({ next }) => next({ ctx: { extra: 1 } }))
      .query(({ ctx }) => [ctx.user, ctx.extra]),
    watched: procedure
      .use(async ({ next }) => {
        const result = await next()
        if (!result.ok) return result
        const { data, ctx } = result as typeof result & { ctx?: unknown }
        return { ...result, data: [data instanceof Promise, data, ctx] }
      })
      .output(z.string().refine(async () => true))
      .query(() => 'checked'),
    assigned: procedure.query((options) => {
      const open = options as { signal: unknown }
      open.signal = 'replaced'
      return { ...open }.signal
    }),
    nested: t.router({ deep: { deeper: procedure.query(({ path }) => path) } }),
    later: lazy(async () => t.router({ on: procedure.query(() => 'loaded') })),
    ticks: procedure.subscription(async function* () {
      yield 1
    }),
  })
}

export type TestRouter = ReturnType<typeof createRouter>
