import { nothing } from '../schemas/schemas.ts'
import { adminProcedure } from './procedures.ts'
import * as schemas from './schemas.ts'
import { router } from './trpc.ts'

export const peopleRouter = router({
  list: adminProcedure
    .input(schemas.peopleInput)
    .output(schemas.peopleOutput)
    .query(({ ctx, input }) => ctx.admin.listPeople(ctx.actor, input)),

  /** Pages for a file. Numbers are masked. */
  export: adminProcedure
    .input(schemas.exportInput)
    .output(schemas.exportOutput)
    .query(({ ctx, input }) => ctx.admin.exportPeople(ctx.actor, input)),

  /** The same with full numbers. A mutation, so that no link and no cache shows them again. */
  exportPhones: adminProcedure
    .input(schemas.exportInput)
    .output(schemas.exportOutput)
    .mutation(({ ctx, input }) => ctx.admin.exportPhones(ctx.actor, input)),

  previewBulk: adminProcedure
    .input(schemas.bulkInput)
    .output(schemas.bulkOutput)
    .query(({ ctx, input }) => ctx.admin.previewBulk(ctx.actor, input)),

  bulk: adminProcedure
    .input(schemas.runBulkInput)
    .output(schemas.bulkOutput)
    .mutation(({ ctx, input }) => ctx.admin.runBulk(ctx.actor, input)),

  addNote: adminProcedure
    .input(schemas.addNoteInput)
    .output(schemas.addedNoteOutput)
    .mutation(async ({ ctx, input }) => ({ note: await ctx.admin.addNote(ctx.actor, input) })),

  removeNote: adminProcedure
    .input(schemas.noteInput)
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.admin.removeNote(ctx.actor, input)
      return {}
    }),

  view: adminProcedure
    .input(schemas.userIdInput)
    .output(schemas.personOutput)
    .query(({ ctx, input }) => ctx.admin.viewPerson(ctx.actor, input.userId)),

  disable: adminProcedure
    .input(schemas.userIdInput)
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.admin.disablePerson(ctx.actor, input.userId)
      return {}
    }),

  enable: adminProcedure
    .input(schemas.userIdInput)
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.admin.enablePerson(ctx.actor, input.userId)
      return {}
    }),

  endSessions: adminProcedure
    .input(schemas.endSessionsInput)
    .output(schemas.endedOutput)
    .mutation(async ({ ctx, input }) => ({
      ended: await ctx.admin.endSessions(ctx.actor, input),
    })),

  unbind: adminProcedure
    .input(schemas.unbindInput)
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.admin.unbindPerson(ctx.actor, input)
      return {}
    }),

  resetSessionKey: adminProcedure
    .input(schemas.identityInput)
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.admin.resetSessionKey(ctx.actor, input)
      return {}
    }),

  remove: adminProcedure
    .input(schemas.removeInput)
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.admin.removePerson(ctx.actor, input)
      return {}
    }),

  revealPhone: adminProcedure
    .input(schemas.userIdInput)
    .output(schemas.phoneOutput)
    .mutation(async ({ ctx, input }) => ({
      phone: await ctx.admin.revealPhone(ctx.actor, input.userId),
    })),
  clearPassword: adminProcedure
    .input(schemas.userIdInput)
    .output(schemas.canSignInOutput)
    .mutation(async ({ ctx, input }) => ({
      canSignIn: await ctx.admin.clearPassword(ctx.actor, input.userId),
    })),
  clearPhone: adminProcedure
    .input(schemas.userIdInput)
    .output(schemas.canSignInOutput)
    .mutation(async ({ ctx, input }) => ({
      canSignIn: await ctx.admin.clearPhone(ctx.actor, input.userId),
    })),
})
