import type { DeadRef } from '@mianmi/core/admin'
import type { z } from 'zod'
import { nothing } from '../schemas/schemas.ts'
import { adminProcedure } from './procedures.ts'
import * as schemas from './schemas.ts'
import { router } from './trpc.ts'

const hourMs = 3_600_000

const toDeadRef = (input: z.output<typeof schemas.deadRefInput>): DeadRef =>
  'deliveryId' in input ? { id: input.deliveryId } : { webhookId: input.webhookId }

/** Webhooks, and their deliveries that were given up. What sends data or shows a secret needs a fresh code. */
export const webhooksRouter = router({
  list: adminProcedure
    .output(schemas.webhooksOutput)
    .query(({ ctx }) => ctx.admin.listWebhooks(ctx.actor)),
  create: adminProcedure
    .input(schemas.createWebhookInput)
    .output(schemas.createdWebhookOutput)
    .mutation(({ ctx, input }) => ctx.admin.createWebhook(ctx.actor, input)),
  update: adminProcedure
    .input(schemas.updateWebhookInput)
    .output(nothing)
    .mutation(async ({ ctx, input: { webhookId: id, ...change } }) => {
      await ctx.admin.updateWebhook(ctx.actor, { id, ...change })
      return {}
    }),
  rotateSecret: adminProcedure
    .input(schemas.rotateWebhookSecretInput)
    .output(schemas.rotatedWebhookOutput)
    .mutation(({ ctx, input: { webhookId: id, overlapHours, code } }) =>
      ctx.admin.rotateWebhookSecret(ctx.actor, {
        id,
        code,
        overlap: overlapHours === undefined ? undefined : overlapHours * hourMs,
      }),
    ),
  remove: adminProcedure
    .input(schemas.webhookInput)
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.admin.removeWebhook(ctx.actor, input.webhookId)
      return {}
    }),
  test: adminProcedure
    .input(schemas.webhookInput)
    .output(nothing)
    .mutation(async ({ ctx, input }) => {
      await ctx.admin.testWebhook(ctx.actor, input.webhookId)
      return {}
    }),
  deliveries: adminProcedure
    .input(schemas.deadDeliveriesInput)
    .output(schemas.deadDeliveriesOutput)
    .query(({ ctx, input }) => ctx.admin.listDeadDeliveries(ctx.actor, input)),
  replay: adminProcedure
    .input(schemas.deadRefInput)
    .output(schemas.replayedOutput)
    .mutation(async ({ ctx, input }) => ({
      replayed: await ctx.admin.replayDeliveries(ctx.actor, toDeadRef(input)),
    })),
  discard: adminProcedure
    .input(schemas.deadRefInput)
    .output(schemas.discardedOutput)
    .mutation(async ({ ctx, input }) => ({
      discarded: await ctx.admin.discardDeliveries(ctx.actor, toDeadRef(input)),
    })),
})
