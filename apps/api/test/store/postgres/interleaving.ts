import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '@mianmi/core'
import type pg from 'pg'
import { expect } from 'vitest'
import { brokenRules } from './broken-rules.ts'
import { openClient, openNode, type TestNode } from './nodes.ts'

type Verb<Scene> = (node: TestNode, scene: Scene) => Promise<unknown>

interface Exploration<Scene> {
  /** Prepares the rows of one round. */
  readonly prepare: (client: pg.Client) => Promise<Scene>
  readonly one: Verb<Scene>
  readonly other: Verb<Scene>
  /** Checks what a round has left, beside `brokenRules`. */
  readonly check?: (round: {
    readonly client: pg.Client
    readonly scene: Scene
    readonly one: unknown
    readonly other: unknown
  }) => Promise<void> | void
}

/** At least so many rounds, to look for what one round in many shows: `RACE_ROUNDS=100`. */
const leastRounds = Number(process.env['RACE_ROUNDS'] ?? 0)
/** Without that, two verbs with many statements are stopped before some of them only, spread evenly: the gate has minutes. */
const mostRounds = 16

/**
 * Runs two verbs of two nodes at once, in every order of their statements that one stop makes: in each round the one verb
 * stops before one of its statements, the other one goes on until it ends or waits for a lock, and then both end. Every
 * other round the verbs change places. There are about as many rounds as statements.
 */
export async function explore<Scene>(
  url: string,
  { prepare, one, other, check }: Exploration<Scene>,
): Promise<void> {
  const client = await openClient(url)
  const stops = createStops()
  const stopped = await openNode(url, { beforeStatement: stops.beforeStatement })
  const running = await openNode(url)
  const statements = [0, 0]
  const rounds = (): number =>
    Math.max(leastRounds, 2, Math.min(mostRounds, 2 * (Math.max(...statements) + 1)))
  for (let round = 0, slow = 0; round < rounds(); ) {
    const scene = await prepare(client)
    const place = round % 2
    const [first, second] = place === 0 ? [one, other] : [other, one]
    // At first both run one after the other, which shows how many statements there are.
    const most = statements[place] ?? 0
    const step = Math.floor((round * (most + 1)) / rounds())
    const at = round < 2 ? Number.POSITIVE_INFINITY : step
    const verb = stops.start(at, () => first(stopped, scene))
    await Promise.race([stops.reached(), settle(verb)])
    const beside = second(running, scene)
    await Promise.race([settle(beside), someoneWaits(client, beside)])
    stops.resume()
    if ((await Promise.allSettled([verb, beside])).some(isGivenUp)) {
      // The machine was so slow that the database ended a transaction that stood still.
      expect(++slow).toBeLessThan(10)
      continue
    }
    statements[place] = Math.max(most, stops.counted())
    const results = [await verb, await beside]
    const [oneResult, otherResult] = place === 0 ? results : results.reverse()
    await check?.({ client, scene, one: oneResult, other: otherResult })
    expect({ round, at, broken: await brokenRules(client) }).toEqual({ round, at, broken: [] })
    round++
  }
}

/** Stops the transactions of a node before one of their statements. */
function createStops() {
  let counted = 0
  let stopAt = Number.POSITIVE_INFINITY
  let reached = createGate()
  let resumed = createGate()
  return {
    beforeStatement: async (): Promise<void> => {
      if (counted++ !== stopAt) return
      reached.open()
      await resumed.opened
    },
    start<T>(at: number, run: () => Promise<T>): Promise<T> {
      counted = 0
      stopAt = at
      reached = createGate()
      resumed = createGate()
      return run()
    },
    reached: () => reached.opened,
    resume: () => resumed.open(),
    /** How many statements there have been since the start. */
    counted: () => counted,
  }
}

function createGate() {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

const settle = (verb: Promise<unknown>): Promise<unknown> => verb.catch(() => {})

/** Resolves when a connection waits for a lock of another one, or the verb has ended. */
async function someoneWaits(client: pg.Client, verb: Promise<unknown>): Promise<void> {
  let ended = false
  settle(verb).then(() => {
    ended = true
  })
  while (!ended) {
    const { rowCount } = await client.query(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    if (rowCount !== 0) return
    await sleep(1)
  }
}

/** By the time-outs of a transaction and of a lock. */
const isGivenUp = (result: PromiseSettledResult<unknown>): boolean =>
  result.status === 'rejected' &&
  result.reason instanceof Failure &&
  /25P03|55P03|57014|not queryable/.test(result.reason.message)
