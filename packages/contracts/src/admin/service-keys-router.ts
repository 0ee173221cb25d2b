import { nothing } from '../schemas/schemas.ts'
import { adminProcedure } from './procedures.ts'
import * as schemas from './schemas.ts'
import { router } from './trpc.ts'

const hourMs = 3_600_000

/** The keys of other services. What shows a key needs a fresh code of the administrator who acts. */
export const serviceKeysRouter = router({
  list: adminProcedure.output(schemas.serviceKeysOutput).query(async ({ ctx }) => ({
    keys: await ctx.admin.listServiceKeys(ctx.actor),
  })),
  create: adminProcedure
    .input(schemas.createServiceKeyInput)
    .output(schemas.createdServiceKeyOutput)
    .mutation(({ ctx, input }) => ctx.admin.createServiceKey(ctx.actor, input)),
  rotate: adminProcedure
    .input(schemas.rotateServiceKeyInput)
    .output(schemas.rotatedServiceKeyOutput)
    .mutation(({ ctx, input: { keyId: id, overlapHours, code } }) =>
      ctx.admin.rotateServiceKey(ctx.actor, {
        id,
        code,
        overlap: overlapHours === undefined ? undefined : overlapHours * hourMs,
      }),
    ),
  revoke: adminProcedure
    .input(schemas.serviceKeyInput)
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.admin.revokeServiceKey(ctx.actor, input.keyId)
      return {}
    }),
})
