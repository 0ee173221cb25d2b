import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { createWebhook } from '../../test/webhooks/create-webhook.ts'
import { createReceiver, type ReceivedEvent, type Receiver } from '../../test/webhooks/receiver.ts'
import { report } from '../harness/figures.ts'
import { startHarness } from '../harness/harness.ts'
import { dataOf, type ProcedureResult } from '../harness/http-client.ts'
import { countFor } from '../harness/run-length.ts'

const allow = { WEBHOOK_ALLOW: '127.0.0.1' }
const secretKey = Buffer.alloc(32, 'secret key 9').toString('base64')
/** So many events are written, for so many users, while each of the two is killed so often. */
const events = countFor({ short: 150, long: 10_000 })
const users = countFor({ short: 16, long: 400 })
const kills = countFor({ short: 2, long: 50 })

/** The service, a receiver, and a way to kill each of them while callers wait until it is back. */
async function startBoth() {
  const harness = await startHarness({ env: allow })
  const receiver = await createReceiver(join(harness.cwd, 'received.jsonl'))
  onTestFinished(receiver.kill)
  const env = { ...allow, DATABASE_URL: `file:${harness.file}`, SECRET_KEY: secretKey }
  const wanted = ['user.created', 'session.ended']
  const secret = await createWebhook(harness.cwd, env, { url: receiver.url, events: wanted })
  await receiver.start(secret)
  let isUp: Promise<unknown> = Promise.resolve()
  return {
    harness,
    receiver,
    /** Resolves when the service is up after its last kill. */
    waitUntilUp: () => isUp,
    killService() {
      isUp = harness.stop('SIGKILL').then(() => {
        harness.takeNewLog()
        return harness.restart()
      })
      return isUp
    },
    async killReceiver() {
      await receiver.kill()
      await after(randomInt(200))
      await receiver.start(secret)
    },
  }
}

type Both = Awaited<ReturnType<typeof startBoth>>

type Called<T> = () => Promise<ProcedureResult<T>>

/**
 * Calls until the service answers. A call that a kill cut off is repeated when the service is back, and one that is refused
 * with `overloaded` too: on PostgreSQL the locks of a killed node last until the database has noticed its end.
 */
async function untilAnswered<T>({ waitUntilUp }: Both, call: Called<T>) {
  for (;;) {
    await waitUntilUp()
    try {
      const result = await call()
      if (result.reason !== 'overloaded') return result
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error
    }
    // The kill is noticed by its caller before or after this call.
    await after(5)
  }
}

interface Written {
  /** Sessions in the order in which they were ended, by user. */
  readonly ended: Map<string, string[]>
  count: number
}

/** Opens and ends sessions of one user after the other, and so writes an event with each round. */
async function writeEvents(both: Both, names: readonly string[], written: Written): Promise<void> {
  const { harness } = both
  for (let turn = 0; written.count < events; turn++) {
    const name = names[turn % names.length] ?? ''
    const signedIn = dataOf(await untilAnswered(both, () => harness.miniLogin(name)))
    if (signedIn.status !== 'signedIn') throw new Error(`${name} is ${signedIn.status}`)
    const { client } = harness
    const token = signedIn.tokens.accessToken
    const { session } = dataOf(
      await untilAnswered(both, () => client.call<{ session: { id: string } }>('me', { token })),
    )
    // Where a kill cut the reply off, the session is ended already, and the repeat is refused.
    const request = { input: {}, token }
    const signedOut = await untilAnswered(both, () => client.call('session.signOut', request))
    if (![null, 'unauthenticated'].includes(signedOut.reason))
      throw new Error(signedOut.reason ?? '')
    const sessions = written.ended.get(signedIn.user.id) ?? []
    sessions.push(session.id)
    written.ended.set(signedIn.user.id, sessions)
    written.count += 1
  }
}

/** Kills one and the other in turn, each time when so many more events have arrived, until all kills are done. */
async function killInTurn(both: Both): Promise<void> {
  const step = events / (2 * kills + 2)
  for (let kill = 0; kill < 2 * kills; kill++) {
    const least = step * (kill + 1)
    await expect
      .poll(() => new Set(both.receiver.received().map(({ id }) => id)).size, {
        timeout: 600_000,
        interval: 200,
      })
      .toBeGreaterThan(least)
    await after(randomInt(50))
    await (kill % 2 === 0 ? both.killReceiver() : both.killService())
  }
}

/** The ids of sessions in the order of their first arrival without direct repeats, by user. */
function streamsOf(received: readonly ReceivedEvent[]): Map<string, string[]> {
  const streams = new Map<string, string[]>()
  for (const { type, data } of received) {
    if (type !== 'session.ended') continue
    const stream = streams.get(data['userId'] ?? '') ?? []
    if (stream.at(-1) !== data['sessionId']) stream.push(data['sessionId'] ?? '')
    streams.set(data['userId'] ?? '', stream)
  }
  return streams
}

/** Events that arrived more than once under different ids, or with different content under one id. */
function faultsOfRepeats(received: readonly ReceivedEvent[]): string[] {
  const contents = new Map<string, string>()
  const ids = new Map<string, string>()
  return received.flatMap(({ id, ...event }) => {
    const content = JSON.stringify(event)
    const isSame = (contents.get(id) ?? content) === content && (ids.get(content) ?? id) === id
    contents.set(id, content)
    ids.set(content, id)
    return isSame ? [] : [`${id} ${content}`]
  })
}

const sizeOf = (streams: ReadonlyMap<string, readonly string[]>): number =>
  [...streams.values()].reduce((sum, { length }) => sum + length, 0)

/** Waits until as many different events have arrived as were written; those that failed wait up to minutes. */
async function untilAllArrived(receiver: Receiver, written: Written): Promise<void> {
  await expect
    .poll(() => sizeOf(streamsOf(receiver.received())), { timeout: 1_800_000, interval: 500 })
    .toBeGreaterThanOrEqual(written.count)
}

it('no event is lost and each user’s order is kept, however often the service and the receiver are killed', async () => {
  const both = await startBoth()
  const written: Written = { ended: new Map(), count: 0 }
  const startedAt = performance.now()
  const workers = Array.from({ length: 8 }, (_, worker) =>
    Array.from({ length: Math.ceil(users / 8) }, (_each, index) => `user-${worker}-${index}`),
  )
  await Promise.all([
    killInTurn(both),
    ...workers.map((names) => writeEvents(both, names, written)),
  ])
  await untilAllArrived(both.receiver, written)
  const received = both.receiver.received()
  report('webhooks survive kill -9 of both ends', {
    events: written.count,
    'users created': received.filter(({ type }) => type === 'user.created').length,
    'kills of each': kills,
    received: received.length,
    repeated: received.length - new Set(received.map(({ id }) => id)).size,
    seconds: (performance.now() - startedAt) / 1_000,
  })
  expect(received.filter(({ error }) => error !== undefined)).toEqual([])
  expect(Object.fromEntries(streamsOf(received))).toEqual(Object.fromEntries(written.ended))
  expect(faultsOfRepeats(received)).toEqual([])
  const created = new Set(
    received.flatMap(({ type, data }) => (type === 'user.created' ? [data['userId']] : [])),
  )
  expect(created).toEqual(new Set(written.ended.keys()))
  expect(both.harness.integrity()).toBe('ok')
})
