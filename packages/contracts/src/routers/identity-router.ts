import * as schemas from '../schemas/schemas.ts'
import { actorOf, callerOf, procedure, router } from '../trpc.ts'
import { identitiesToWire } from '../wire/wire.ts'

export const identityRouter = router({
  list: procedure.output(schemas.identityListOutput).query(async ({ ctx }) => {
    const identities = await ctx.users.listIdentities(await callerOf(ctx))
    return { identities: identitiesToWire(identities) }
  }),

  unbind: procedure
    .input(schemas.unbindInput)
    .output(schemas.nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.users.unbind(await actorOf(ctx), input)
      return {}
    }),
})
