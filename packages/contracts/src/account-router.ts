import * as schemas from './schemas.ts'
import { byWhom, procedure, router } from './trpc.ts'
import { userToWire } from './wire.ts'

export const accountRouter = router({
  updateProfile: procedure
    .input(schemas.updateProfileInput)
    .output(schemas.userOutput)
    .mutation(async ({ ctx, input }) => ({
      user: userToWire(await ctx.login.updateProfile(await byWhom(ctx), input)),
    })),

  changePassword: procedure
    .input(schemas.changePasswordInput)
    .output(schemas.nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.login.changePassword(await byWhom(ctx), input)
      return {}
    }),

  bindPhone: procedure
    .input(schemas.phoneCodeInput)
    .output(schemas.userOutput)
    .mutation(async ({ ctx, input }) => ({
      user: userToWire(await ctx.login.bindPhone(await byWhom(ctx), input.code)),
    })),

  delete: procedure
    .input(schemas.deleteInput)
    .output(schemas.nothing)
    .mutation(async ({ ctx }) => {
      await ctx.login.deleteAccount(await byWhom(ctx))
      return {}
    }),
})
