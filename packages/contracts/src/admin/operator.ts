import { Failure, type Reason } from '@mianmi/core'
import type { Console, Context } from '../context.ts'
import { callerOf, procedure } from '../trpc.ts'

/**
 * Whoever comes to the console, known or not. Its cookie alone says who that is: an access token of a mini
 * program was never asked for a second factor, so even an operator's is refused. A middleware, unlike
 * everywhere else, so that a stranger learns nothing of the inputs either. What is turned away here never
 * reaches a verb of the desk, which would write it down; so that is done here too.
 */
export const visitorProcedure = procedure.use(async ({ ctx, path, next }) => {
  const { console, origin } = ctx
  if (console === null) throw new Failure('forbidden')
  const call = openCall({ ...console, origin }, path)
  if (console.foreign) throw call.refused(new Failure('forbidden'))
  if (console.token === null && ctx.accessToken !== null) await refuseMiniProgram(ctx, call)
  // The origin again, for tRPC copies own properties only.
  const result = await next({ ctx: { ...console, call, origin } })
  // Every other failure is thrown, and written down, by a verb.
  const isSenseless = !result.ok && result.error.code === 'BAD_REQUEST'
  if (isSenseless && !(result.error.cause instanceof Failure))
    call.refused(new Failure('invalid_input'))
  return result
})

/** An operator who has proved both factors; `unauthenticated` otherwise. */
export const operatorProcedure = visitorProcedure.use(async ({ ctx, next }) => {
  const operator = await ctx.desk.authenticate(ctx.token).catch((error: unknown) => {
    throw ctx.call.refused(error)
  })
  ctx.call.operatorId = operator.id
  return next({ ctx: { by: { operator, origin: ctx.origin } } })
})

interface Call {
  /** Filled in as soon as it is known. */
  operatorId: string | null
  /** Writes down that the call came to nothing, and hands the error on. */
  refused(error: unknown, userId?: string): unknown
}

function openCall(
  { desk, origin }: Pick<Console, 'desk'> & Pick<Context, 'origin'>,
  procedureName: string,
): Call {
  const call: Call = {
    operatorId: null,
    refused(error, userId) {
      const reason: Reason = error instanceof Failure ? error.reason : 'internal'
      const { operatorId } = call
      const turnedAway = { procedure: procedureName, reason, operatorId, userId: userId ?? null }
      desk.noteRefusal({ ...turnedAway, origin })
      return error
    },
  }
  return call
}

/** A bad token is told so, as everywhere; a good one is of no use here. */
async function refuseMiniProgram(ctx: Context, call: Call): Promise<never> {
  const { user } = await callerOf(ctx).catch((error: unknown) => {
    throw call.refused(error)
  })
  throw call.refused(new Failure('forbidden'), user.id)
}
