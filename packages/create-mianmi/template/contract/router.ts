import { initTRPC, TRPCError } from '@trpc/server'
import { z } from 'zod'

/** What crosses the network: the mini program imports the type of this router, and the service serves it. */

export interface Note {
  id: number
  text: string
  createdAt: string
}

/** What a call gets from the service. */
export interface Context {
  /** The id that mianmi gave to the user; null without a valid access token. */
  userId: string | null
  notes: {
    list(userId: string): Note[]
    add(userId: string, text: string): Note
  }
}

// No stack of an error goes to a phone.
const t = initTRPC.context<Context>().create({ isDev: false })

const signedIn = t.procedure.use(({ ctx, next }) => {
  const { userId } = ctx
  if (userId === null) throw new TRPCError({ code: 'UNAUTHORIZED' })
  return next({ ctx: { ...ctx, userId } })
})

export const appRouter = t.router({
  notes: t.router({
    list: signedIn.query(({ ctx }) => ctx.notes.list(ctx.userId)),
    add: signedIn
      .input(z.object({ text: z.string().trim().min(1).max(200) }))
      .mutation(({ ctx, input }) => ctx.notes.add(ctx.userId, input.text)),
  }),
})

export type AppRouter = typeof appRouter
