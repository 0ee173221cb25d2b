import type { Actor, SignedInCaller } from '@mianmi/core'
import { initTRPC } from '@trpc/server'
import type { Context } from './context.ts'
import { formatError } from './errors.ts'

const t = initTRPC.context<Context>().create({ errorFormatter: formatError })

export const { router, procedure } = t

/**
 * Who is calling, or a refusal. Called by the resolver rather than hung before it: a tRPC
 * middleware costs more than the session lookup it would guard.
 */
export function callerOf(ctx: Context): Promise<SignedInCaller> {
  return ctx.users.authenticate(ctx.accessToken)
}

/** The caller and where the call comes from, for what is written down. */
export async function actorOf(ctx: Context): Promise<Actor> {
  return { caller: await callerOf(ctx), origin: ctx.origin }
}
