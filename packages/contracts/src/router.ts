import { accountRouter } from './routers/account-router.ts'
import { identityRouter } from './routers/identity-router.ts'
import { sessionRouter } from './routers/session-router.ts'
import * as schemas from './schemas/schemas.ts'
import { actorOf, callerOf, procedure, router } from './trpc.ts'
import { meToWire, miniLoginToWire, signedInToWire } from './wire/wire.ts'

/**
 * The mini program's contract. The admin console has its own, `adminRouter` in `admin/`.
 *
 * @example
 * const api = createWxClient<AppRouter>({ links: [wxLink({ url: 'https://example.com/trpc', request: wx.request
 * })] })
 * const result = await api.miniLogin.mutate({ appId, code })
 */
export const appRouter = router({
  miniLogin: procedure
    .input(schemas.miniLoginInput)
    .output(schemas.miniLoginOutput)
    .mutation(async ({ ctx: { users, origin }, input: { appId, code } }) =>
      miniLoginToWire(await users.miniLogin({ appId, code, origin })),
    ),

  bind: procedure
    .input(schemas.bindInput)
    .output(schemas.signedIn)
    .mutation(async ({ ctx, input }) =>
      signedInToWire(await ctx.users.bind({ ...input, origin: ctx.origin })),
    ),

  register: procedure
    .input(schemas.registerInput)
    .output(schemas.signedIn)
    .mutation(async ({ ctx, input }) =>
      signedInToWire(await ctx.users.register({ ...input, origin: ctx.origin })),
    ),

  me: procedure.output(schemas.meOutput).query(async ({ ctx }) => meToWire(await callerOf(ctx))),

  session: sessionRouter,
  identity: identityRouter,
  account: accountRouter,

  openData: router({
    decrypt: procedure
      .input(schemas.decryptInput)
      .output(schemas.decryptOutput)
      .mutation(async ({ ctx, input }) => ({
        data: await ctx.users.decryptOpenData(await actorOf(ctx), input),
      })),
  }),
})

export type AppRouter = typeof appRouter
