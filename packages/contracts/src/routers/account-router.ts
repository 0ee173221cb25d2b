import { z } from 'zod'
import * as schemas from '../schemas/schemas.ts'
import { byWhom, procedure, router } from '../trpc.ts'
import { userToWire } from '../wire/wire.ts'

export const accountRouter = router({
  updateProfile: procedure
    .input(schemas.updateProfileInput)
    .output(schemas.userOutput)
    .mutation(async ({ ctx, input }) => ({
      user: userToWire(await ctx.login.updateProfile(await byWhom(ctx), input)),
    })),

  /** A mutation as any other, and no upload: docs/decisions/0009. */
  setAvatar: procedure
    .input(schemas.setAvatarInput)
    .output(schemas.userOutput)
    .mutation(async ({ ctx, input }) => {
      const picture = z.util.base64ToUint8Array(input.image)
      return { user: userToWire(await ctx.login.setAvatar(await byWhom(ctx), picture)) }
    }),

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
