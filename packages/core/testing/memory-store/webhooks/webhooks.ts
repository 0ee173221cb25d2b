import type { DeadRef, ProvenActor, WebhookStore } from '../../../src/admin/index.ts'
import {
  type ListedWebhook,
  maxCounted,
  maxWebhooks,
  webhookTestBody,
  webhookTestType,
} from '../../../src/index.ts'
import { spendActorsProof } from '../admin/administrators/roles.ts'
import { pageOf } from '../admin/cursor.ts'
import {
  type DeliveryRow,
  deleteRows,
  insertRow,
  type MemoryState,
  type WebhookRow,
} from '../state.ts'
import { backlogOf, oldestOf } from './deliveries.ts'
import { fanOut, headOf, insertDelivery, newEventId, pendingOf, postponeHead } from './outbox.ts'

export function createWebhookStore(state: MemoryState): WebhookStore {
  const { webhooks, deliveries } = state
  const change = (
    id: string,
    by: ProvenActor | null,
    to: (row: WebhookRow) => Partial<WebhookRow>,
  ): 'done' | 'not_found' | 'proof_rejected' => {
    const spend = prepareSpending(state, by)
    if (spend === null) return 'proof_rejected'
    const row = webhooks.get(id)
    if (row === undefined) return 'not_found'
    spend()
    webhooks.set(id, { ...row, ...to(row) })
    return 'done'
  }
  return {
    async create({ at, ...webhook }, by) {
      const spend = prepareSpending(state, by)
      if (spend === null) return 'proof_rejected'
      if (webhooks.size >= maxWebhooks) return 'too_many'
      spend()
      fanOut(state)
      insertRow(webhooks, webhook.id, {
        ...webhook,
        ...{ createdAt: at, createdBy: by?.adminId ?? null },
        ...{ disabledAt: null, disabledReason: null, enabledAt: null },
        ...{ previousSecret: null, previousSecretUntil: null },
      })
      return 'created'
    },

    list: async () =>
      [...webhooks.values()]
        .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
        .map((row) => toListed(state, row)),

    backlog: async () => backlogOf(state),

    async update({ id, url, events, enabled, at }, by) {
      fanOut(state)
      const result = change(id, by, ({ disabledAt, disabledReason, enabledAt }) => ({
        ...(url !== undefined && { url }),
        ...(events !== undefined && { events }),
        ...(enabled === true && {
          ...{ disabledAt: null, disabledReason: null },
          enabledAt: disabledAt === null ? enabledAt : at,
        }),
        ...(enabled === false && {
          disabledAt: disabledAt ?? at,
          disabledReason: disabledReason ?? 'administrator',
        }),
      }))
      return result === 'done' ? 'updated' : result
    },

    async rotate({ id, sealedSecret, previousUntil }, by) {
      const result = change(id, by, (row) => ({
        ...{ sealedSecret, previousSecret: row.sealedSecret, previousSecretUntil: previousUntil },
      }))
      return result === 'done' ? 'rotated' : result
    },

    async remove(id) {
      if (!webhooks.delete(id)) return false
      deleteRows(deliveries, ({ webhookId }) => webhookId === id)
      return true
    },

    async test({ id, at }) {
      if (webhooks.get(id)?.disabledAt !== null) return false
      const eventId = newEventId(state)
      const body = webhookTestBody(at)
      const row = { webhookId: id, eventId, personId: eventId, userId: null, body, occurredAt: at }
      insertDelivery(state, { ...row, type: webhookTestType })
      return true
    },

    async dead({ webhookId, cursor, limit }) {
      const rows = deadRows(state).filter(
        (row) => webhookId === undefined || row.webhookId === webhookId,
      )
      const { items, next } = pageOf(rows, {
        cursor,
        limit,
        keyOf: ({ deadAt, seq }) => [deadAt ?? 0, seq],
        order: 'desc',
        form: ['number', 'number'],
      })
      return { items: items.map(toDead), next }
    },

    async replay(ref, now) {
      const rows = deadRows(state).filter((row) => isMeant(row, ref))
      const leases = rows.map((row) => ({ row, until: headOf(state, row)?.leaseUntil ?? 0 }))
      for (const row of rows)
        deliveries.set(row.seq, {
          ...row,
          deadAt: null,
          attempts: 0,
          dueAt: now,
          pendingSince: now,
        })
      // A later one of the person may be under way.
      for (const { row, until } of leases) postponeHead(state, row, until)
      return rows.length
    },

    async discard(ref) {
      const rows = deadRows(state).filter((row) => isMeant(row, ref))
      for (const { seq } of rows) deliveries.delete(seq)
      return rows.length
    },
  }
}

const deadRows = (state: MemoryState): DeliveryRow[] =>
  [...state.deliveries.values()].filter(
    ({ deadAt, webhookId }) => deadAt !== null && state.webhooks.has(webhookId),
  )

const isMeant = (row: DeliveryRow, ref: DeadRef): boolean =>
  'id' in ref ? String(row.seq) === ref.id : row.webhookId === ref.webhookId

const toDead = ({ seq, deadAt, error, ...row }: DeliveryRow) => ({
  id: String(seq),
  webhookId: row.webhookId,
  eventId: row.eventId,
  type: row.type,
  userId: row.userId,
  occurredAt: row.occurredAt,
  attempts: row.attempts,
  error: error ?? '',
  deadAt: deadAt ?? 0,
})

function toListed(state: MemoryState, row: WebhookRow): ListedWebhook {
  const { sealedSecret: _, previousSecret: __, enabledAt: ___, ...webhook } = row
  const pending = pendingOf(state, row.id)
  return {
    ...webhook,
    pending: Math.min(pending.length, maxCounted),
    oldestPendingAt: oldestOf(pending),
    lastError: pending[0]?.error ?? null,
    dead: deadRows(state).filter(({ webhookId }) => webhookId === row.id).length,
  }
}

/** What spends the proof; null where the proof is refused. A command has none to spend. */
function prepareSpending(state: MemoryState, by: ProvenActor | null): (() => void) | null {
  if (by === null) return () => {}
  const spent = spendActorsProof(state, by)
  return spent && (() => void state.factors.set(by.adminId, spent))
}
