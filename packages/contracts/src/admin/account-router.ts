import { nothing } from '../schemas/schemas.ts'
import { adminProcedure, visitorProcedure } from './procedures.ts'
import * as schemas from './schemas.ts'
import { router } from './trpc.ts'

/** The administrator's own sign-in: a password, a second factor, a cookie; and the password's change. */
export const accountRouter = router({
  signIn: visitorProcedure
    .input(schemas.signInInput)
    .output(schemas.firstFactorOutput)
    .mutation(async ({ ctx, input }) => {
      const { browserToken, origin } = ctx
      const { token, next } = await ctx.admin.signIn({ ...input, browserToken, origin })
      ctx.setToken(token)
      return { next }
    }),

  enrol: visitorProcedure
    .input(schemas.enrolInput)
    .output(schemas.enrolOutput)
    .mutation(({ ctx: { admin, token, origin }, input }) =>
      admin.enrol({ ...input, token, origin }),
    ),

  proveCode: visitorProcedure
    .input(schemas.codeInput)
    .output(schemas.recoveryCodesOutput)
    .mutation(async ({ ctx, input: { code } }) => {
      const { token, browserToken, origin } = ctx
      const proved = await ctx.admin.proveCode({ token, code, browserToken, origin })
      ctx.setToken(proved.token)
      ctx.setBrowserToken(proved.browserToken)
      return proved
    }),

  current: adminProcedure.output(schemas.administratorOutput).query(async ({ ctx }) => {
    const { administrator: operator, apps } = await ctx.admin.currentAdministrator(ctx.actor)
    return { operator, apps }
  }),

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
  changePassword: adminProcedure
    .input(schemas.changePasswordInput)
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      const change = { ...input, browserToken: ctx.browserToken }
      ctx.setBrowserToken((await ctx.admin.changePassword(ctx.actor, change)).browserToken)
      return {}
    }),
})
