import {
  type DeliveryOutcome,
  deadRetention,
  disabledRetention,
  longestPause,
  maxCounted,
  maxDead,
  maxDeliveryError,
  maxPending,
  maxPendingAge,
  type WebhookBacklog,
  type WebhookDeliveryStore,
} from '../../../src/index.ts'
import { type DeliveryRow, deleteRows, type MemoryState, type WebhookRow } from '../state.ts'
import { fanOut, pendingOf } from './outbox.ts'

export function createWebhookDeliveryStore(state: MemoryState): WebhookDeliveryStore {
  const { webhooks, deliveries } = state
  const holds = (lease: string, id: string): DeliveryRow | null => {
    const row = deliveries.get(Number(id))
    return row?.lease === lease ? row : null
  }
  return {
    async fanOut() {
      fanOut(state)
      return []
    },
    readAgain: async () => {},

    due: async () =>
      [...webhooks.values()].flatMap(({ id, url, disabledAt }) => {
        const pending = disabledAt === null ? pendingOf(state, id) : []
        const dueAt = Math.min(...pending.map((row) => row.dueAt))
        return pending.length === 0 ? [] : [{ webhookId: id, url, dueAt }]
      }),

    async claim({ webhookId, lease, now, leaseUntil, limit }) {
      const webhook = webhooks.get(webhookId)
      if (webhook === undefined || webhook.disabledAt !== null) return []
      const claimed = headsOf(state, webhookId)
        .filter((row) => row.dueAt <= now && (row.leaseUntil === null || row.leaseUntil <= now))
        .sort((a, b) => a.dueAt - b.dueAt || a.seq - b.seq)
        .slice(0, limit)
      for (const row of claimed) deliveries.set(row.seq, { ...row, lease, leaseUntil })
      return claimed.map((row) => toClaimed(row, webhook, now))
    },

    async settle(lease, outcomes, now) {
      for (const outcome of outcomes) {
        const row = holds(lease, outcome.id)
        if (row !== null) settle(state, { row, outcome, now })
      }
    },

    async release(lease, ids) {
      for (const id of ids) {
        const row = holds(lease, id)
        if (row !== null) deliveries.set(row.seq, { ...row, ...unleased })
      }
    },

    async disableGone({ webhookId, url, at }) {
      fanOut(state)
      const webhook = webhooks.get(webhookId)
      if (webhook?.disabledAt !== null || webhook.url !== url) return false
      webhooks.set(webhookId, { ...webhook, disabledAt: at, disabledReason: 'gone' })
      return true
    },

    async counts() {
      const { waitingEvents } = state
      const pending = [...deliveries.values()].filter(({ deadAt }) => deadAt === null)
      const since = waitingEvents.map(({ at }) => ({ pendingSince: at }))
      return {
        pending: Math.min(pending.length, maxCounted) + waitingEvents.length,
        oldestAt: oldestOf([...pending, ...since]),
        dead: deliveries.size - pending.length,
        ...backlogOf(state),
      }
    },

    sweep: async (now) => sweep(state, now),
  }
}

/** A row of memory can always be read. */
export const backlogOf = ({ waitingEvents }: MemoryState): WebhookBacklog => ({
  waiting: Math.min(waitingEvents.length, maxCounted),
  unreadable: 0,
})

const unleased = { lease: null, leaseUntil: null } as const

export const oldestOf = (rows: readonly Pick<DeliveryRow, 'pendingSince'>[]): number | null =>
  rows.length === 0 ? null : Math.min(...rows.map(({ pendingSince }) => pendingSince))

/** Of each person the oldest delivery that is pending. */
function headsOf(state: MemoryState, webhookId: string): DeliveryRow[] {
  const heads = new Map<string, DeliveryRow>()
  for (const row of pendingOf(state, webhookId))
    if (!heads.has(row.personId)) heads.set(row.personId, row)
  return [...heads.values()]
}

const toClaimed = (row: DeliveryRow, webhook: WebhookRow, now: number) => ({
  id: String(row.seq),
  webhookId: webhook.id,
  eventId: row.eventId,
  type: row.type,
  url: webhook.url,
  sealedSecrets: [
    webhook.sealedSecret,
    ...(webhook.previousSecret !== null && (webhook.previousSecretUntil ?? 0) > now
      ? [webhook.previousSecret]
      : []),
  ],
  body: row.body,
  attempts: row.attempts,
  occurredAt: row.occurredAt,
})

function settle(
  state: MemoryState,
  { row, outcome, now }: { row: DeliveryRow; outcome: DeliveryOutcome; now: number },
): void {
  const { deliveries } = state
  if (outcome.outcome === 'delivered') {
    deliveries.delete(row.seq)
    releaseNext(state, row, now)
    return
  }
  const failed = {
    ...row,
    ...unleased,
    attempts: row.attempts + 1,
    error: outcome.error.slice(0, maxDeliveryError),
  }
  if (outcome.outcome === 'dead') {
    deliveries.set(row.seq, { ...failed, deadAt: now })
    releaseNext(state, row, now)
    return
  }
  deliveries.set(row.seq, { ...failed, dueAt: outcome.dueAt })
  for (const other of followersOf(state, row))
    if (other.dueAt < outcome.dueAt) deliveries.set(other.seq, { ...other, dueAt: outcome.dueAt })
}

const followersOf = (state: MemoryState, { webhookId, personId, seq }: DeliveryRow) =>
  pendingOf(state, webhookId).filter((row) => row.personId === personId && row.seq !== seq)

/** The next one of the person waits no longer. */
function releaseNext(state: MemoryState, row: DeliveryRow, now: number): void {
  const [next] = followersOf(state, row)
  if (next !== undefined && next.dueAt > now)
    state.deliveries.set(next.seq, { ...next, dueAt: now })
}

/** A clock that has been set back since was ahead. */
function repair({ deliveries }: MemoryState, row: DeliveryRow, now: number): void {
  const isLate = Math.max(row.dueAt, row.leaseUntil ?? 0) > now + longestPause
  if (isLate) deliveries.set(row.seq, { ...row, ...unleased, dueAt: Math.min(row.dueAt, now) })
}

function sweep(state: MemoryState, now: number): void {
  const { webhooks, deliveries } = state
  deleteRows(deliveries, ({ webhookId }) => !webhooks.has(webhookId))
  for (const webhook of webhooks.values())
    if (webhook.previousSecretUntil !== null && webhook.previousSecretUntil <= now)
      webhooks.set(webhook.id, { ...webhook, previousSecret: null, previousSecretUntil: null })
  for (const { id } of webhooks.values())
    for (const row of headsOf(state, id)) repair(state, row, now)
  for (const { id, disabledAt, enabledAt } of webhooks.values()) {
    const age = disabledAt === null ? maxPendingAge : disabledRetention
    const isRecent = disabledAt === null && enabledAt !== null && enabledAt > now - age
    const pending = pendingOf(state, id)
    const tooMany = pending.slice(0, Math.max(0, pending.length - maxPending))
    for (const row of pending) {
      const isOver = (!isRecent && row.pendingSince <= now - age) || tooMany.includes(row)
      const isLeased = row.leaseUntil !== null && row.leaseUntil > now
      if (!isOver || isLeased) continue
      const error = row.error ?? 'given up before an attempt'
      deliveries.set(row.seq, { ...row, ...unleased, error, deadAt: now })
      releaseNext(state, row, now)
    }
  }
  deleteRows(deliveries, ({ deadAt }) => deadAt !== null && deadAt <= now - deadRetention)
  const dead = [...deliveries.values()]
    .filter(({ deadAt }) => deadAt !== null)
    .sort((a, b) => (b.deadAt ?? 0) - (a.deadAt ?? 0) || b.seq - a.seq)
  for (const { seq } of dead.slice(maxDead)) deliveries.delete(seq)
}
