import * as schemas from '../schemas/schemas.ts'
import { byWhom, callerOf, procedure, router } from '../trpc.ts'
import { sessionsToWire, tokensToWire } from '../wire/wire.ts'

export const sessionRouter = router({
  refresh: procedure
    .input(schemas.refreshInput)
    .output(schemas.tokens)
    .mutation(async ({ ctx, input: { refreshToken } }) =>
      tokensToWire(await ctx.login.refresh({ refreshToken, origin: ctx.origin })),
    ),

  signOut: procedure.output(schemas.nothing).mutation(async ({ ctx }) => {
    await ctx.login.signOut(await byWhom(ctx))
    return {}
  }),

  list: procedure.output(schemas.sessionListOutput).query(async ({ ctx }) => {
    const sessions = await ctx.login.listSessions(await callerOf(ctx))
    return { sessions: sessionsToWire(sessions) }
  }),

  revoke: procedure
    .input(schemas.sessionIdInput)
    .output(schemas.nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.login.revokeSession(await byWhom(ctx), input.sessionId)
      return {}
    }),

  revokeOthers: procedure.output(schemas.revokedOutput).mutation(async ({ ctx }) => ({
    revoked: await ctx.login.revokeOtherSessions(await byWhom(ctx)),
  })),
})
