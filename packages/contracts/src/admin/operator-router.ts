import { nothing } from '../schemas/schemas.ts'
import { router } from '../trpc.ts'
import { operatorProcedure, visitorProcedure } from './operator.ts'
import * as schemas from './schemas.ts'

/** The console's own sign-in: a password, a second factor, a cookie. */
export const operatorRouter = router({
  signIn: visitorProcedure
    .input(schemas.signInInput)
    .output(schemas.firstFactorOutput)
    .mutation(async ({ ctx, input }) => {
      const { token, next } = await ctx.desk.signIn({ ...input, origin: ctx.origin })
      ctx.keep(token)
      return { next }
    }),

  enrol: visitorProcedure
    .output(schemas.enrolOutput)
    .mutation(({ ctx: { desk, token, origin } }) => desk.enrol({ token, origin })),

  proveCode: visitorProcedure
    .input(schemas.codeInput)
    .output(schemas.recoveryCodesOutput)
    .mutation(async ({ ctx, input: { code } }) => {
      const { token, origin } = ctx
      const proved = await ctx.desk.proveCode({ token, code, origin })
      ctx.keep(proved.token)
      return proved
    }),

  current: operatorProcedure.output(schemas.operatorOutput).query(async ({ ctx }) => ({
    operator: await ctx.desk.currentOperator(ctx.by),
  })),

  signOut: visitorProcedure.output(nothing).mutation(async ({ ctx }) => {
    await ctx.desk.signOut(ctx.token, ctx.origin)
    ctx.keep(null)
    return {}
  }),

  renewRecoveryCodes: operatorProcedure
    .input(schemas.codeInput)
    .output(schemas.recoveryCodesOutput)
    .mutation(async ({ ctx, input }) => ({
      recoveryCodes: await ctx.desk.renewRecoveryCodes(ctx.by, input.code),
    })),
})
