import { z } from 'zod'
import * as schemas from '../schemas/schemas.ts'
import { actorOf, procedure, router } from '../trpc.ts'
import { userToWire } from '../wire/wire.ts'

export const accountRouter = router({
  updateProfile: procedure
    .input(schemas.updateProfileInput)
    .output(schemas.userOutput)
    .mutation(async ({ ctx, input }) => ({
      user: userToWire(await ctx.users.updateProfile(await actorOf(ctx), input)),
    })),

  /** The picture is base64 in a JSON mutation, not an upload: docs/decisions/0009. */
  setAvatar: procedure
    .input(schemas.setAvatarInput)
    .output(schemas.userOutput)
    .mutation(async ({ ctx, input }) => {
      const picture = z.util.base64ToUint8Array(input.image)
      return { user: userToWire(await ctx.users.setAvatar(await actorOf(ctx), picture)) }
    }),

  changePassword: procedure
    .input(schemas.changePasswordInput)
    .output(schemas.nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.users.changePassword(await actorOf(ctx), input)
      return {}
    }),

  bindPhone: procedure
    .input(schemas.phoneCodeInput)
    .output(schemas.userOutput)
    .mutation(async ({ ctx, input }) => ({
      user: userToWire(await ctx.users.bindPhone(await actorOf(ctx), input.code)),
    })),

  delete: procedure
    .input(schemas.deleteInput)
    .output(schemas.nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.users.deleteAccount(await actorOf(ctx), input.code)
      return {}
    }),
})
