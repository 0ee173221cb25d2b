import { initTRPC, TRPCError } from '@trpc/server'
import { type CreateHTTPContextOptions, createHTTPServer } from '@trpc/server/adapters/standalone'
import { z } from 'zod'

interface Context {
  header(name: string): string | undefined
  hold: Promise<void>
}

const t = initTRPC.context<Context>().create()

const router = t.router({
  greet: t.procedure
    .input(z.object({ name: z.string() }))
    .query(({ input }) => ({ text: `hello ${input.name}` })),
  count: t.procedure.input(z.object({ by: z.number() })).mutation(({ input }) => input.by + 1),
  ping: t.procedure.query(() => 'pong'),
  nothing: t.procedure.mutation(() => undefined),
  refuse: t.procedure.query((): string => {
    throw new TRPCError({ code: 'FORBIDDEN', message: 'not you' })
  }),
  header: t.procedure.input(z.string()).query(({ ctx, input }) => ctx.header(input) ?? null),
  held: t.procedure.query(async ({ ctx }) => {
    await ctx.hold
    return 'let go'
  }),
  nested: t.router({ deep: t.procedure.query(() => 'found') }),
})

export type TestRouter = typeof router

export interface TestServer {
  url: string
  /** Lets `held` calls answer. */
  release(): void
  close(): Promise<void>
}

export async function startServer(): Promise<TestServer> {
  let release: () => void = () => undefined
  const hold = new Promise<void>((resolve) => {
    release = resolve
  })
  const createContext = ({ req }: CreateHTTPContextOptions): Context => ({
    header: (name) => req.headers[name]?.toString(),
    hold,
  })
  const server = createHTTPServer({ router, createContext, basePath: '/trpc/', maxBatchSize: 10 })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}/trpc`,
    release,
    close: () =>
      new Promise((resolve) => {
        release()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
