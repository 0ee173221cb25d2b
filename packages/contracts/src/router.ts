import { initTRPC } from '@trpc/server'
import type { Context } from './context.ts'
import { formatError } from './errors.ts'
import * as schemas from './schemas.ts'
import { meToWire, miniLoginToWire, signedInToWire, tokensToWire } from './wire.ts'

const t = initTRPC.context<Context>().create({ errorFormatter: formatError })

/**
 * Who is calling, or a refusal. Called by the resolver rather than hung before it: a tRPC
 * middleware costs more than the session lookup it would guard.
 */
const caller = (ctx: Context) => ctx.login.authenticate(ctx.accessToken)

const session = t.router({
  refresh: t.procedure
    .input(schemas.refreshInput)
    .output(schemas.tokens)
    .mutation(async ({ ctx, input }) => tokensToWire(await ctx.login.refresh(input.refreshToken))),

  signOut: t.procedure.output(schemas.nothing).mutation(async ({ ctx }) => {
    await ctx.login.signOut(await caller(ctx))
    return {}
  }),
})

/** The contract: the one router that the mini program, the console and the tests share. */
export const appRouter = t.router({
  miniLogin: t.procedure
    .input(schemas.miniLoginInput)
    .output(schemas.miniLoginOutput)
    .mutation(async ({ ctx, input }) =>
      miniLoginToWire(await ctx.login.miniLogin({ ...input, device: ctx.device })),
    ),

  bind: t.procedure
    .input(schemas.bindInput)
    .output(schemas.signedIn)
    .mutation(async ({ ctx, input }) =>
      signedInToWire(await ctx.login.bind({ ...input, device: ctx.device })),
    ),

  register: t.procedure
    .input(schemas.registerInput)
    .output(schemas.signedIn)
    .mutation(async ({ ctx, input }) =>
      signedInToWire(await ctx.login.register({ ...input, device: ctx.device })),
    ),

  me: t.procedure.output(schemas.meOutput).query(async ({ ctx }) => meToWire(await caller(ctx))),

  session,
})

export type AppRouter = typeof appRouter
