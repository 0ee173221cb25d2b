import * as schemas from '../schemas/schemas.ts'
import { actorOf, callerOf, procedure, router } from '../trpc.ts'
import { sessionsToWire, tokensToWire } from '../wire/wire.ts'

export const sessionRouter = router({
  refresh: procedure
    .input(schemas.refreshInput)
    .output(schemas.tokens)
    .mutation(async ({ ctx, input: { refreshToken } }) =>
      tokensToWire(await ctx.users.refresh({ refreshToken, origin: ctx.origin })),
    ),

  signOut: procedure.output(schemas.nothing).mutation(async ({ ctx }) => {
    await ctx.users.signOut(await actorOf(ctx))
    return {}
  }),

  list: procedure.output(schemas.sessionListOutput).query(async ({ ctx }) => {
    const sessions = await ctx.users.listSessions(await callerOf(ctx))
    return { sessions: sessionsToWire(sessions) }
  }),

  revoke: procedure
    .input(schemas.sessionIdInput)
    .output(schemas.nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.users.revokeSession(await actorOf(ctx), input.sessionId)
      return {}
    }),

  revokeOthers: procedure.output(schemas.revokedOutput).mutation(async ({ ctx }) => ({
    revoked: await ctx.users.revokeOtherSessions(await actorOf(ctx)),
  })),
})
