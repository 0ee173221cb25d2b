import { createExpectedEvents, type ExpectedEvent } from '../oracle/expected-events.ts'
import { createRandom, mixSeed } from '../random.ts'
import type { CommittedVerb } from '../world/server/service.ts'
import type { World } from '../world/world.ts'
import type { Invariant } from './invariant.ts'

const webhookId = 'webhook'
const types = [
  'user.created',
  'user.updated',
  'user.disabled',
  'user.enabled',
  'user.deleted',
  'user.merged',
  'user.unmerged',
  'identity.bound',
  'identity.unbound',
  'session.ended',
] as const

/** How long the receiver is away between two rounds, in ms. */
const gaps = [1_000, 30_000, 30_000, 20 * 60_000, 24 * 3_600_000]

export const eventsTold: Invariant = {
  name: 'events-told',
  sentence:
    'Each change of a user leaves exactly its events for a webhook, in their order; of a user who is deleted nothing waits but the deletion.',
  sees: 'after',
  watch(world, fail) {
    const { store, oracle, timeline, config } = world
    // A slow run has no outbox to look at.
    if (store.webhooks === undefined) return {}
    void store.webhooks.create(
      {
        ...{ id: webhookId, url: 'https://receiver/', events: types },
        ...{ sealedSecret: 'secret', at: timeline.now },
      },
      null,
    )
    const random = createRandom(mixSeed(config.seed, 7))
    const events = createExpectedEvents(oracle.model, () => timeline.now)
    let newest: CommittedVerb | null = null
    const round = (): void => {
      const { deliveries, waitingEvents } = store.state
      // Most rounds find nothing: numbers are handed on after 91 days.
      const isQuiet = deliveries.size + waitingEvents.length + events.waiting.length === 0
      if (!isQuiet) void world.inTurn(() => receiveAll(world, events.waiting, fail))
      timeline.after(random.pick(gaps), round)
    }
    timeline.after(random.pick(gaps), round)
    return {
      committed(verb) {
        newest = verb
      },
      stored() {
        // After the sentences about sessions, which say which of them have expired.
        if (newest !== null) events.note(newest)
        newest = null
      },
      drained() {
        void world.inTurn(() => receiveAll(world, events.waiting, fail))
      },
    }
  },
}

/** Receives everything that waits, and compares it with what has to. */
async function receiveAll(
  { store, timeline }: World,
  waiting: ExpectedEvent[],
  fail: (detail: string) => void,
): Promise<void> {
  const { webhookDeliveries } = store
  await webhookDeliveries.fanOut()
  for (let round = 0; ; round++) {
    const lease = `lease ${timeline.now} ${round}`
    const { now } = timeline
    const claim = { webhookId, lease, now, leaseUntil: now + 1_000, limit: 1_000 }
    const claimed = await webhookDeliveries.claim(claim)
    if (claimed.length === 0) break
    for (const { body } of claimed) {
      const fault = take(waiting, JSON.parse(body) as Body)
      if (fault !== null) return fail(fault)
    }
    const outcomes = claimed.map(({ id }) => ({ id, outcome: 'delivered' as const }))
    await webhookDeliveries.settle(lease, outcomes, now)
  }
  const missing = waiting.find(({ isOptional }) => !isOptional)
  if (missing !== undefined)
    fail(`no webhook is told ${missing.type} of ${missing.userId} ${missing.about}`)
  waiting.length = 0
}

interface Body {
  readonly type: string
  readonly timestamp: string
  readonly data: {
    readonly userId: string
    readonly appId?: string
    readonly openid?: string
    readonly sessionId?: string
    readonly mergedUserId?: string
  }
}

/** Takes an event from what has to be told. Returns what is wrong with it. */
function take(waiting: ExpectedEvent[], { type, timestamp, data }: Body): string | null {
  const about = aboutOf(type, data)
  const what = `a webhook is told ${type} of ${data.userId} ${about}`
  // Several may be alike: before a merge in the order of one user, after its undo in that of the other.
  const alike = waiting.filter(
    (event) => event.type === type && event.userId === data.userId && event.about === about,
  )
  const [first] = alike
  if (first === undefined) return `${what} for nothing`
  const allDue = alike.filter((event) => firstBefore(waiting, event) === undefined)
  const due = allDue.find(({ at }) => at === Date.parse(timestamp)) ?? allDue[0]
  if (due === undefined)
    return `${what} before ${firstBefore(waiting, first)?.type}, which came first`
  waiting.splice(waiting.indexOf(due), 1)
  return null
}

/** What has to be told before an event. */
const firstBefore = (
  waiting: readonly ExpectedEvent[],
  { person, verb }: ExpectedEvent,
): ExpectedEvent | undefined =>
  waiting.find((event) => !event.isOptional && event.person === person && event.verb < verb)

function aboutOf(type: string, { appId, openid, sessionId, mergedUserId }: Body['data']): string {
  if (type.startsWith('identity.')) return `${appId} ${openid}`
  if (type === 'session.ended') return `${appId} ${sessionId}`
  return mergedUserId ?? ''
}
