import { nothing } from '../schemas/schemas.ts'
import { adminProcedure } from './procedures.ts'
import * as schemas from './schemas.ts'
import { router } from './trpc.ts'

export const peopleRouter = router({
  list: adminProcedure
    .input(schemas.peopleInput)
    .output(schemas.peopleOutput)
    .query(({ ctx, input }) => ctx.admin.listPeople(ctx.by, input)),

  view: adminProcedure
    .input(schemas.userIdInput)
    .output(schemas.personOutput)
    .query(({ ctx, input }) => ctx.admin.viewPerson(ctx.by, input.userId)),

  disable: adminProcedure
    .input(schemas.userIdInput)
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.admin.disablePerson(ctx.by, input.userId)
      return {}
    }),

  enable: adminProcedure
    .input(schemas.userIdInput)
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.admin.enablePerson(ctx.by, input.userId)
      return {}
    }),

  endSessions: adminProcedure
    .input(schemas.endSessionsInput)
    .output(schemas.endedOutput)
    .mutation(async ({ ctx, input }) => ({
      ended: await ctx.admin.endSessions(ctx.by, input),
    })),

  unbind: adminProcedure
    .input(schemas.identityInput)
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.admin.unbindPerson(ctx.by, input)
      return {}
    }),

  resetSessionKey: adminProcedure
    .input(schemas.identityInput)
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.admin.resetSessionKey(ctx.by, input)
      return {}
    }),

  remove: adminProcedure
    .input(schemas.removeInput)
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.admin.removePerson(ctx.by, input)
      return {}
    }),

  revealPhone: adminProcedure
    .input(schemas.userIdInput)
    .output(schemas.phoneOutput)
    .mutation(async ({ ctx, input }) => ({
      phone: await ctx.admin.revealPhone(ctx.by, input.userId),
    })),
})
