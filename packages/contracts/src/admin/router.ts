import type { AdminVerb } from '@mianmi/core/admin'
import type { AnyTRPCProcedure } from '@trpc/server'
import type { z } from 'zod'
import { nothing } from '../schemas/schemas.ts'
import { accountRouter } from './account-router.ts'
import { administratorsRouter } from './administrators-router.ts'
import { auditVerbs } from './audit-verbs.ts'
import { peopleRouter } from './people-router.ts'
import { adminProcedure } from './procedures.ts'
import * as schemas from './schemas.ts'
import { serviceKeysRouter } from './service-keys-router.ts'
import { router } from './trpc.ts'
import { webhooksRouter } from './webhooks-router.ts'

const conflictsRouter = router({
  list: adminProcedure
    .input(schemas.pageInput)
    .output(schemas.conflictsOutput)
    .query(({ ctx, input }) => ctx.admin.listConflicts(ctx.actor, input)),

  preview: adminProcedure
    .input(schemas.mergeInput)
    .output(schemas.previewOutput)
    .query(({ ctx, input }) => ctx.admin.previewMerge(ctx.actor, input)),

  merge: adminProcedure
    .input(schemas.mergeInput)
    .output(schemas.mergeOutput)
    .mutation(async ({ ctx, input }) => ({
      merge: await ctx.admin.merge(ctx.actor, input),
    })),

  merges: adminProcedure.output(schemas.mergesOutput).query(async ({ ctx }) => ({
    merges: await ctx.admin.listMerges(ctx.actor),
  })),

  undo: adminProcedure
    .input(schemas.mergeIdInput)
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.admin.undoMerge(ctx.actor, input.mergeId)
      return {}
    }),
})

/** The wire's filter as core takes it: times in milliseconds, and `adminId` for `operatorId`. */
function fromWire<Filter extends z.output<typeof schemas.auditFilterInput>>({
  from,
  to,
  operatorId: adminId,
  ...rest
}: Filter) {
  const ms = (at: string | undefined) => (at === undefined ? undefined : Date.parse(at))
  return { ...rest, adminId, from: ms(from), to: ms(to) }
}

const auditRouter = router({
  list: adminProcedure
    .input(schemas.auditInput)
    .output(schemas.auditOutput)
    .query(({ ctx, input }) => ctx.admin.listAudit(ctx.actor, fromWire(input))),

  count: adminProcedure
    .input(schemas.auditFilterInput)
    .output(schemas.countOutput)
    .query(async ({ ctx, input }) => ({
      count: await ctx.admin.countAudit(ctx.actor, fromWire(input)),
    })),
})

const appsRouter = router({
  list: adminProcedure.output(schemas.appsOutput).query(async ({ ctx }) => ({
    apps: await ctx.admin.listApps(ctx.actor),
  })),

  test: adminProcedure
    .input(schemas.appInput)
    .output(schemas.appFindingOutput)
    .mutation(({ ctx, input }) => ctx.admin.testApp(ctx.actor, input.appId)),
})

/**
 * The admin console's contract, served apart from `AppRouter` with its own context.
 *
 * @example
 * const admin = createTRPCClient<AdminRouter>({ links: [httpBatchLink({ url: '/admin/trpc', maxItems: 10 })] })
 * const { items } = await admin.people.list.query({ search: 'ming' })
 */
export const adminRouter = router({
  account: accountRouter,
  overview: adminProcedure
    .input(schemas.overviewInput)
    .output(schemas.overviewOutput)
    .query(({ ctx, input }) => ctx.admin.overview(ctx.actor, input)),
  people: peopleRouter,
  administrators: administratorsRouter,
  conflicts: conflictsRouter,
  audit: auditRouter,
  apps: appsRouter,
  serviceKeys: serviceKeysRouter,
  webhooks: webhooksRouter,
  settings: adminProcedure.output(schemas.settingsOutput).query(async ({ ctx }) => ({
    settings: await ctx.admin.settings(ctx.actor),
  })),
})

export type AdminRouter = typeof adminRouter

type PathOf<Routes, Prefix extends string = ''> = {
  [Name in keyof Routes & string]: Routes[Name] extends AnyTRPCProcedure
    ? `${Prefix}${Name}`
    : PathOf<Routes[Name], `${Prefix}${Name}.`>
}[keyof Routes & string]

/** The path of a procedure, such as `people.list`. */
export type AdminPath = PathOf<AdminRouter['_def']['record']>

/** The audit verb of each path. Does not compile where `auditVerbs` lacks one. */
export const auditVerbOfPath: Readonly<Record<AdminPath, AdminVerb>> = auditVerbs
