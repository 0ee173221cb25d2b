import { nothing } from '../schemas/schemas.ts'
import { adminProcedure } from './procedures.ts'
import * as schemas from './schemas.ts'
import { router } from './trpc.ts'

/** Who has the role `admin`. Each change needs a fresh code of the administrator who acts. */
export const administratorsRouter = router({
  list: adminProcedure.output(schemas.administratorsOutput).query(async ({ ctx }) => ({
    administrators: await ctx.admin.listAdministrators(ctx.actor),
  })),
  add: adminProcedure
    .input(schemas.addAdministratorInput)
    .output(schemas.addedAdministratorOutput)
    .mutation(async ({ ctx, input }) => {
      const { id, enrolment } = await ctx.admin.addAdministrator(ctx.actor, input)
      return { id, enrolmentCode: enrolment.code, enrolmentCodeExpiresAt: enrolment.expiresAt }
    }),
  remove: adminProcedure
    .input(schemas.administratorInput)
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.admin.removeAdministrator(ctx.actor, input)
      return {}
    }),
  resetFactor: adminProcedure
    .input(schemas.administratorInput)
    .output(schemas.enrolmentCodeOutput)
    .mutation(async ({ ctx, input }) => {
      const { code, expiresAt } = await ctx.admin.resetAdministratorFactor(ctx.actor, input)
      return { enrolmentCode: code, enrolmentCodeExpiresAt: expiresAt }
    }),
})
