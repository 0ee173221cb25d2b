import { initTRPC, TRPCError } from '@trpc/server'
import { z } from 'zod'

/** What crosses the wire: the mini program imports its type, and the server calls its procedures. */

export interface User {
  id: string
}

export interface SignedIn {
  status: 'signedIn'
  tokens: { accessToken: string; accessTokenExpiresAt: number }
  user: User
}

/** What the server does for a call. */
export interface Context {
  /** The owner of the access token. */
  user: User | null
  signIn(code: string): Promise<SignedIn>
  signOut(): void
  ordersOf(user: User): { id: number; title: string }[]
}

/** The server refuses a call. The session of the mini program knows `code_rejected` and `code_used`. */
export class Refusal extends Error {
  readonly reason: string

  constructor(reason: string) {
    super(reason)
    this.reason = reason
  }
}

const t = initTRPC.context<Context>().create({
  errorFormatter({ shape, error }) {
    const { cause } = error
    const reason = cause instanceof Refusal ? cause.reason : undefined
    return { ...shape, data: { ...shape.data, reason } }
  },
})

const signedIn = t.procedure.use(({ ctx, next }) => {
  if (!ctx.user) throw new TRPCError({ code: 'UNAUTHORIZED' })
  return next({ ctx: { user: ctx.user } })
})

export const appRouter = t.router({
  signIn: t.procedure
    .input(z.object({ code: z.string().min(1) }))
    .mutation(({ ctx, input }) => ctx.signIn(input.code)),
  orders: signedIn.query(({ ctx }) => ctx.ordersOf(ctx.user)),
  signOut: signedIn.mutation(({ ctx }) => ctx.signOut()),
})

export type AppRouter = typeof appRouter
