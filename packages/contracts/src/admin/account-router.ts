import { nothing } from '../schemas/schemas.ts'
import { adminProcedure, visitorProcedure } from './procedures.ts'
import * as schemas from './schemas.ts'
import { router } from './trpc.ts'

/** The administrator's own sign-in: a password, a second factor, a cookie. */
export const accountRouter = router({
  signIn: visitorProcedure
    .input(schemas.signInInput)
    .output(schemas.firstFactorOutput)
    .mutation(async ({ ctx, input }) => {
      const { token, next } = await ctx.admin.signIn({ ...input, origin: ctx.origin })
      ctx.setToken(token)
      return { next }
    }),

  enrol: visitorProcedure
    .output(schemas.enrolOutput)
    .mutation(({ ctx: { admin, token, origin } }) => admin.enrol({ token, origin })),

  proveCode: visitorProcedure
    .input(schemas.codeInput)
    .output(schemas.recoveryCodesOutput)
    .mutation(async ({ ctx, input: { code } }) => {
      const { token, origin } = ctx
      const proved = await ctx.admin.proveCode({ token, code, origin })
      ctx.setToken(proved.token)
      return proved
    }),

  current: adminProcedure.output(schemas.administratorOutput).query(async ({ ctx }) => ({
    operator: await ctx.admin.currentAdministrator(ctx.actor),
  })),

  signOut: visitorProcedure.output(nothing).mutation(async ({ ctx }) => {
    await ctx.admin.signOut(ctx.token, ctx.origin)
    ctx.setToken(null)
    return {}
  }),

  renewRecoveryCodes: adminProcedure
    .input(schemas.codeInput)
    .output(schemas.recoveryCodesOutput)
    .mutation(async ({ ctx, input }) => ({
      recoveryCodes: await ctx.admin.renewRecoveryCodes(ctx.actor, input.code),
    })),
})
