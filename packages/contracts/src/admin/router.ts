import type { AuditQuery } from '@mianmi/core'
import { nothing } from '../schemas/schemas.ts'
import { router } from '../trpc.ts'
import { operatorProcedure } from './operator.ts'
import { operatorRouter } from './operator-router.ts'
import { peopleRouter } from './people-router.ts'
import * as schemas from './schemas.ts'

const conflictsRouter = router({
  list: operatorProcedure
    .input(schemas.pageInput)
    .output(schemas.conflictsOutput)
    .query(({ ctx, input }) => ctx.desk.listConflicts(ctx.by, input)),

  preview: operatorProcedure
    .input(schemas.mergeInput)
    .output(schemas.previewOutput)
    .query(({ ctx, input }) => ctx.desk.previewMerge(ctx.by, input)),

  merge: operatorProcedure
    .input(schemas.mergeInput)
    .output(schemas.mergeOutput)
    .mutation(async ({ ctx, input }) => ({
      merge: await ctx.desk.merge(ctx.by, input),
    })),

  merges: operatorProcedure.output(schemas.mergesOutput).query(async ({ ctx }) => ({
    merges: await ctx.desk.listMerges(ctx.by),
  })),

  undo: operatorProcedure
    .input(schemas.mergeIdInput)
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.desk.undoMerge(ctx.by, input.mergeId)
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
  list: operatorProcedure
    .input(schemas.auditInput)
    .output(schemas.auditOutput)
    .query(({ ctx, input }) => ctx.desk.listAudit(ctx.by, inMs(input))),

  count: operatorProcedure
    .input(schemas.auditFilterInput)
    .output(schemas.countOutput)
    .query(async ({ ctx, input }) => ({
      count: await ctx.desk.countAudit(ctx.by, inMs(input)),
    })),
})

const appsRouter = router({
  list: operatorProcedure.output(schemas.appsOutput).query(async ({ ctx }) => ({
    apps: await ctx.desk.listApps(ctx.by),
  })),

  test: operatorProcedure
    .input(schemas.appInput)
    .output(schemas.appFindingOutput)
    .mutation(({ ctx, input }) => ctx.desk.testApp(ctx.by, input.appId)),
})

/** For the operators' console, and refused to everybody else. */
export const adminRouter = router({
  operator: operatorRouter,
  overview: operatorProcedure
    .input(schemas.daysInput)
    .output(schemas.overviewOutput)
    .query(({ ctx, input }) => ctx.desk.overview(ctx.by, input.days)),
  people: peopleRouter,
  conflicts: conflictsRouter,
  audit: auditRouter,
  apps: appsRouter,
  settings: operatorProcedure.output(schemas.settingsOutput).query(async ({ ctx }) => ({
    settings: await ctx.desk.settings(ctx.by),
  })),
})
