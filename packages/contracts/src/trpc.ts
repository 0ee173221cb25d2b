import type { Actor, SignedInCaller } from '@mianmi/core'
import { initTRPC } from '@trpc/server'
import type { Context } from './context.ts'
import { formatError } from './errors.ts'

const t = initTRPC.context<Context>().create({ errorFormatter: formatError })

export const { router, procedure } = t

/**
 * Authenticates the caller. Resolvers call it themselves, because a tRPC middleware costs more than the session
 * lookup.
 */
export function callerOf(ctx: Context): Promise<SignedInCaller> {
  return ctx.users.authenticate(ctx.accessToken)
}

/** The caller and where the request came from, for the audit log. */
export async function actorOf(ctx: Context): Promise<Actor> {
  return { caller: await callerOf(ctx), origin: ctx.origin }
}
