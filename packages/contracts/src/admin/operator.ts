import { Failure } from '@mianmi/core'
import { callerOf, procedure } from '../trpc.ts'

/**
 * Whoever comes to the console, known or not. Its cookie alone says who that is: an access token of a mini
 * program was never asked for a second factor, so even an operator's is refused. A middleware, unlike
 * everywhere else, so that a stranger learns nothing of the inputs either.
 */
export const visitorProcedure = procedure.use(async ({ ctx, next }) => {
  if (ctx.console?.token == null && ctx.accessToken !== null) await callerOf(ctx)
  if (ctx.console === null || (ctx.console.token === null && ctx.accessToken !== null))
    throw new Failure('forbidden')
  return next({ ctx: ctx.console })
})

/** An operator who has proved both factors; `unauthenticated` otherwise. */
export const operatorProcedure = visitorProcedure.use(async ({ ctx, next }) =>
  next({ ctx: { by: { operator: await ctx.desk.authenticate(ctx.token), origin: ctx.origin } } }),
)
