import type { AdminVerb, AuditQuery } from '@mianmi/core'
import type { AnyTRPCProcedure } from '@trpc/server'
import { nothing } from '../schemas/schemas.ts'
import { accountRouter } from './account-router.ts'
import { auditVerbs } from './audit-verbs.ts'
import { peopleRouter } from './people-router.ts'
import { adminProcedure } from './procedures.ts'
import * as schemas from './schemas.ts'
import { router } from './trpc.ts'

const conflictsRouter = router({
  list: adminProcedure
    .input(schemas.pageInput)
    .output(schemas.conflictsOutput)
    .query(({ ctx, input }) => ctx.admin.listConflicts(ctx.by, input)),

  preview: adminProcedure
    .input(schemas.mergeInput)
    .output(schemas.previewOutput)
    .query(({ ctx, input }) => ctx.admin.previewMerge(ctx.by, input)),

  merge: adminProcedure
    .input(schemas.mergeInput)
    .output(schemas.mergeOutput)
    .mutation(async ({ ctx, input }) => ({
      merge: await ctx.admin.merge(ctx.by, input),
    })),

  merges: adminProcedure.output(schemas.mergesOutput).query(async ({ ctx }) => ({
    merges: await ctx.admin.listMerges(ctx.by),
  })),

  undo: adminProcedure
    .input(schemas.mergeIdInput)
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.admin.undoMerge(ctx.by, input.mergeId)
      return {}
    }),
})

/** ISO 8601 on the wire, milliseconds behind it. */
function inMs<T extends { from?: string | undefined; to?: string | undefined }>({
  from,
  to,
  ...rest
}: T): Omit<T, 'from' | 'to'> & Pick<AuditQuery, 'from' | 'to'> {
  const ms = (at: string | undefined) => (at === undefined ? undefined : Date.parse(at))
  return { ...rest, from: ms(from), to: ms(to) }
}

const auditRouter = router({
  list: adminProcedure
    .input(schemas.auditInput)
    .output(schemas.auditOutput)
    .query(({ ctx, input }) => ctx.admin.listAudit(ctx.by, inMs(input))),

  count: adminProcedure
    .input(schemas.auditFilterInput)
    .output(schemas.countOutput)
    .query(async ({ ctx, input }) => ({
      count: await ctx.admin.countAudit(ctx.by, inMs(input)),
    })),
})

const appsRouter = router({
  list: adminProcedure.output(schemas.appsOutput).query(async ({ ctx }) => ({
    apps: await ctx.admin.listApps(ctx.by),
  })),

  test: adminProcedure
    .input(schemas.appInput)
    .output(schemas.appFindingOutput)
    .mutation(({ ctx, input }) => ctx.admin.testApp(ctx.by, input.appId)),
})

/** The admin console's contract, served apart from `AppRouter` and with a context of its own. */
export const adminRouter = router({
  account: accountRouter,
  overview: adminProcedure
    .input(schemas.daysInput)
    .output(schemas.overviewOutput)
    .query(({ ctx, input }) => ctx.admin.overview(ctx.by, input.days)),
  people: peopleRouter,
  conflicts: conflictsRouter,
  audit: auditRouter,
  apps: appsRouter,
  settings: adminProcedure.output(schemas.settingsOutput).query(async ({ ctx }) => ({
    settings: await ctx.admin.settings(ctx.by),
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
