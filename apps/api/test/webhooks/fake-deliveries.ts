import type { ClaimedDelivery, DeliveryOutcome, WebhookDeliveryStore } from '@mianmi/core'

interface QueuedDelivery extends ClaimedDelivery {
  readonly person: string
  dueAt: number
  lease: string | null
  leaseUntil: number
  attempts: number
  isDead: boolean
}

/** A queue for tests of the dispatcher, which need to make its verbs fail. Stores are tested by their conformance suite. */
export function createFakeDeliveries(now: () => number) {
  /** What was written and not fanned out. */
  const written: QueuedDelivery[] = []
  const queue: QueuedDelivery[] = []
  const gone: string[] = []
  const pending = (webhookId: string): QueuedDelivery[] => {
    const persons = new Set<string>()
    return queue.filter(({ webhookId: id, person, isDead }) => {
      if (isDead || id !== webhookId || persons.has(person)) return false
      persons.add(person)
      return true
    })
  }
  const isFree = ({ lease, leaseUntil }: QueuedDelivery): boolean =>
    lease === null || leaseUntil <= now()
  const settleOne = (lease: string, outcome: DeliveryOutcome): void => {
    const index = queue.findIndex(({ id, lease: held }) => id === outcome.id && held === lease)
    const delivery = queue[index]
    if (delivery === undefined) return
    delivery.lease = null
    delivery.attempts += 1
    if (outcome.outcome === 'delivered') queue.splice(index, 1)
    if (outcome.outcome === 'dead') delivery.isDead = true
    if (outcome.outcome === 'retry') delivery.dueAt = outcome.dueAt
  }
  const store: WebhookDeliveryStore = {
    async fanOut() {
      queue.push(...written.splice(0))
      return []
    },
    readAgain: async () => {},
    async due() {
      const ids = [...new Set(queue.map(({ webhookId }) => webhookId))]
      return ids.flatMap((webhookId) => {
        if (gone.includes(webhookId)) return []
        const times = pending(webhookId).map((each) =>
          isFree(each) ? each.dueAt : Math.max(each.dueAt, each.leaseUntil),
        )
        const url = queue.find((each) => each.webhookId === webhookId)?.url ?? ''
        return times.length === 0 ? [] : [{ webhookId, url, dueAt: Math.min(...times) }]
      })
    },
    async claim({ webhookId, lease, now: at, leaseUntil, limit }) {
      if (gone.includes(webhookId)) return []
      const claimed = pending(webhookId)
        .filter((each) => isFree(each) && each.dueAt <= at)
        .slice(0, limit)
      for (const each of claimed) Object.assign(each, { lease, leaseUntil })
      return claimed.map((each) => ({ ...each }))
    },
    async settle(lease, outcomes) {
      for (const outcome of outcomes) settleOne(lease, outcome)
    },
    async release(lease, ids) {
      for (const each of queue) if (ids.includes(each.id) && each.lease === lease) each.lease = null
    },
    async disableGone({ webhookId }) {
      gone.push(webhookId)
      return true
    },
    counts: async () => ({
      ...{ pending: queue.length, oldestAt: null, dead: 0 },
      ...{ waiting: written.length, unreadable: 0 },
    }),
    sweep: async () => {},
  }
  return {
    store,
    queue,
    /** Writes events `person:number`, due now. */
    add(webhookId: string, ...names: string[]): void {
      for (const name of names)
        written.push({
          ...{ id: `${webhookId}/${name}`, webhookId, eventId: name, type: 'user.created' },
          ...{ url: `https://${webhookId}.example/`, sealedSecrets: ['sealed'], body: '{}' },
          ...{ person: name.split(':')[0] ?? '', dueAt: now(), occurredAt: now(), attempts: 0 },
          ...{ lease: null, leaseUntil: 0, isDead: false },
        })
    },
  }
}
