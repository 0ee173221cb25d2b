import { nothing } from '../schemas/schemas.ts'
import { router } from '../trpc.ts'
import { operatorProcedure } from './operator.ts'
import * as schemas from './schemas.ts'

export const peopleRouter = router({
  list: operatorProcedure
    .input(schemas.peopleInput)
    .output(schemas.peopleOutput)
    .query(({ ctx, input }) => ctx.desk.listPeople(ctx.by, input)),

  view: operatorProcedure
    .input(schemas.userIdInput)
    .output(schemas.personOutput)
    .query(({ ctx, input }) => ctx.desk.viewPerson(ctx.by, input.userId)),

  disable: operatorProcedure
    .input(schemas.userIdInput)
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.desk.disablePerson(ctx.by, input.userId)
      return {}
    }),

  enable: operatorProcedure
    .input(schemas.userIdInput)
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.desk.enablePerson(ctx.by, input.userId)
      return {}
    }),

  endSessions: operatorProcedure
    .input(schemas.endSessionsInput)
    .output(schemas.endedOutput)
    .mutation(async ({ ctx, input }) => ({
      ended: await ctx.desk.endSessions(ctx.by, input),
    })),

  unbind: operatorProcedure
    .input(schemas.identityInput)
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.desk.unbindPerson(ctx.by, input)
      return {}
    }),

  resetSessionKey: operatorProcedure
    .input(schemas.identityInput)
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.desk.resetSessionKey(ctx.by, input)
      return {}
    }),

  remove: operatorProcedure
    .input(schemas.removeInput)
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.desk.removePerson(ctx.by, input)
      return {}
    }),

  revealPhone: operatorProcedure
    .input(schemas.userIdInput)
    .output(schemas.phoneOutput)
    .mutation(async ({ ctx, input }) => ({
      phone: await ctx.desk.revealPhone(ctx.by, input.userId),
    })),
})
