import { Failure, type Reason } from '@mianmi/core'
import type { AdminVerb } from '@mianmi/core/admin'
import { auditVerbOf } from './audit-verbs.ts'
import type { AdminContext } from './context.ts'
import { procedure } from './trpc.ts'

/**
 * A procedure that is open before the sign-in is complete. Only the console's cookie identifies the caller: an
 * access token of a mini program was issued without a second factor, so it is refused, also an administrator's. The
 * check is a middleware, so that it runs before the input is parsed and a refused caller learns nothing about the
 * inputs. A call that is refused here reaches no verb of the admin service, so the refusal is audited here.
 */
export const visitorProcedure = procedure.use(async ({ ctx, path, next }) => {
  const call = openCall(ctx, auditVerbOf(path))
  if (ctx.crossOrigin) throw call.refused(new Failure('forbidden'))
  if (ctx.token === null && ctx.accessToken !== null) await refuseMiniProgram(ctx, call)
  const result = await next({ ctx: { call } })
  // Every other failure is thrown, and audited, by a verb.
  const isInvalidInput = !result.ok && result.error.code === 'BAD_REQUEST'
  if (isInvalidInput && !(result.error.cause instanceof Failure))
    call.refused(new Failure('invalid_input'))
  return result
})

/** A procedure for administrators who have proved both factors; `unauthenticated` for everyone else. */
export const adminProcedure = visitorProcedure.use(async ({ ctx, next }) => {
  const administrator = await ctx.admin.authenticate(ctx.token).catch((error: unknown) => {
    throw ctx.call.refused(error)
  })
  ctx.call.adminId = administrator.id
  return next({ ctx: { actor: { administrator, origin: ctx.origin } } })
})

interface AdminCall {
  /** The administrator's id; null until the cookie is verified. */
  adminId: string | null
  /** Audits that the call was refused, and returns the error. */
  refused(error: unknown, userId?: string): unknown
}

function openCall({ admin, origin }: AdminContext, verb: AdminVerb): AdminCall {
  const call: AdminCall = {
    adminId: null,
    refused(error, userId) {
      const reason: Reason = error instanceof Failure ? error.reason : 'internal'
      const { adminId } = call
      admin.noteRefusal({ verb, reason, adminId, userId: userId ?? null, origin })
      return error
    },
  }
  return call
}

/** An invalid token is refused as `unauthenticated`, a valid one as `forbidden`. */
async function refuseMiniProgram(ctx: AdminContext, call: AdminCall): Promise<never> {
  const { user } = await ctx.authenticateUser(ctx.accessToken).catch((error: unknown) => {
    throw call.refused(error)
  })
  throw call.refused(new Failure('forbidden'), user.id)
}
