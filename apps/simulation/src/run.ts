import type { AuditEvent } from '@mianmi/core'
import type { Step } from './actions/index.ts'
import { createInvariants } from './invariants/index.ts'
import { createApply } from './oracle/apply.ts'
import type { Oracle } from './oracle/model.ts'
import { createModel, type Model } from './oracle/model.ts'
import { createTicketRecords } from './oracle/tickets.ts'
import type { Product } from './product/load-product.ts'
import { setMachine } from './product/machine.ts'
import { createRandom, mixSeed } from './random.ts'
import { createStory, type StoryLine } from './story/story.ts'
import { withoutMachine } from './timeline/forbidden.ts'
import { createTimeline } from './timeline/timeline.ts'
import { addAdministrator, createConsole } from './world/admin/create-console.ts'
import { quiet, type WorldConfig } from './world/config.ts'
import { endRun } from './world/end.ts'
import { joinObservers, type Observer } from './world/observers.ts'
import { attackerName, firstNumber, names, type Person } from './world/people.ts'
import { createDevice } from './world/phone/device.ts'
import { createNode } from './world/server/node.ts'
import { createSimulatedWechat } from './world/wechat/create-wechat.ts'
import type { World } from './world/world.ts'

/** A sentence that a run has broken. */
export interface Violation {
  /** The name of the invariant. */
  readonly invariant: string
  readonly detail: string
  /** How many steps had been played. */
  readonly step: number
}

export interface RunResult {
  readonly violation: Violation | null
  readonly story: readonly StoryLine[]
  readonly steps: number
  /** How many events of the timeline ran. */
  readonly events: number
  /** Names for the ids of users, in the order in which they came to be. */
  readonly userNames: ReadonlyMap<string, string>
}

export interface RunOptions {
  readonly product: Product
  readonly config: WorldConfig
  readonly steps: readonly Step[]
  /** Whether the story is taken down. */
  readonly isTold?: boolean
  /** Watches beside the invariants, for the coverage. */
  readonly watching?: readonly Observer[]
}

/** 1 January 2027, in ms since the epoch. */
const start = 1_798_761_600_000

/**
 * Plays a run to its end, or until a sentence is broken. It is synchronous and reads nothing of this machine, so the same
 * options give the same run. Call it from a task, not from a reaction of a promise.
 */
export function playRun(options: RunOptions): RunResult {
  let violation: Violation | null = null
  let played = 0
  let toldUntil = Number.POSITIVE_INFINITY
  let world: World | null = null
  const fail = (invariant: string, detail: string): void => {
    if (violation !== null) return
    violation = { invariant, detail, step: played }
    toldUntil = world?.story.lines.length ?? 0
  }
  const rejected = (error: unknown): void =>
    fail('no-surprise', `an unhandled rejection: ${describe(error)}`)
  process.on('unhandledRejection', rejected)
  const { stackTraceLimit } = Error
  // Refusals are errors, and their stacks took a tenth of the time.
  if (options.isTold !== true) Error.stackTraceLimit = 0
  try {
    return withoutMachine(() => {
      const created = createWorld(options, fail)
      world = created
      try {
        // The administrator enrols an authenticator app while everything works.
        void created.console.call('account.current')
        created.timeline.runUntil(start + 5_000)
        created.noise = options.config.noise
        for (const step of options.steps) {
          if (violation !== null) break
          played += 1
          playStep(created, step)
        }
        if (violation === null) endRun(created, () => violation !== null)
      } catch (error) {
        fail('no-surprise', `the simulation: ${describe(error)}`)
      }
      const { timeline, story, oracle } = created
      return {
        violation,
        story: story.lines.slice(0, toldUntil),
        steps: played,
        events: timeline.count,
        userNames: nameUsers(oracle.model),
      }
    })
  } finally {
    Error.stackTraceLimit = stackTraceLimit
    setMachine(null)
    process.off('unhandledRejection', rejected)
  }
}

/** User 1, user 2, …: an id of 32 digits says nothing to who reads a story. */
const nameUsers = ({ users, removed }: Model): Map<string, string> =>
  new Map([...removed.keys(), ...users.keys()].map((id, index) => [id, `user ${index + 1}`]))

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)

function playStep(world: World, { action, seed }: Step): void {
  const random = createRandom(seed)
  world.random = random
  action.play(world)
  world.timeline.runUntil(world.timeline.now + drawGap(random.next(), random.next()))
}

/** How long until the next step, in ms: mostly so short that what goes on overlaps it. */
function drawGap(kind: number, length: number): number {
  if (kind < 0.5) return Math.floor(length * 200)
  if (kind < 0.8) return Math.floor(length * 4_000)
  return Math.floor(kind < 0.95 ? length * 60_000 : length * 16 * 60_000)
}

function createWorld(options: RunOptions, fail: World['fail']): World {
  const { product, config, isTold = false, watching = [] } = options
  const random = createRandom(mixSeed(config.seed, 3))
  const ties = createRandom(mixSeed(config.seed, 4))
  const timeline = createTimeline(start, ties.next, () => world.observers.happened())
  const stores = product.server.createMemoryStore({
    appIds: config.appIds,
    now: () => timeline.now,
  })
  // Keeping 190 days of lines in order took longer than the calls that they are about.
  const audited = (line: AuditEvent): void => world.observers.audited(line)
  const audit = {
    record: audited,
    tally: () => {},
    write: async (line: AuditEvent) => audited(line),
  }
  const store = { ...stores, audit }
  const oracle = createOracle(() => world, store)
  const people = createPeople(config)
  const deaths: Deaths = new Map()
  let turn: Promise<unknown> = Promise.resolve()
  const world: World = {
    config,
    product,
    timeline,
    random,
    noise: quiet,
    store,
    wechat: null as never,
    nodes: [],
    people,
    devices: [],
    inUse: null,
    withNumberAlone: null,
    console: null as never,
    calls: new Map(),
    serials: { calls: 0, names: 0 },
    observers: null as never,
    oracle,
    story: createStory(isTold ? () => timeline.now : null),
    openData: product.server.createFakeOpenDataReader(),
    secondFactor: {
      totp: product.server.createFakeTotp(),
      recoveryCodes: product.server.createFakeRecoveryCodes(),
      enrolmentCodes: product.server.createFakeEnrolmentCodes(),
    },
    health: Promise.resolve({
      startedAt: 1,
      version: '1.0.0',
      node: '24.0.0',
      eventLoopP99Ms: 2,
      heapBytes: 3,
      rssBytes: 4,
      databaseBytes: 5,
    }),
    loot: { tokens: [], tickets: [], codes: [], spent: [] },
    serviceClock: 0,
    clockJumpedAt: Number.NEGATIVE_INFINITY,
    fail,
    inTurn(commit) {
      const done = turn.then(commit)
      turn = done.catch(() => undefined)
      return done
    },
    onDeath(_node, life, run) {
      if (life === null) return () => {}
      const waiting = deaths.get(life) ?? new Set()
      deaths.set(life, waiting)
      waiting.add(run)
      return () => void waiting.delete(run)
    },
  }
  const apply = createApply(oracle)
  const invariants = createInvariants(world)
  const died = { nodeDied: (name: string) => answerDeaths(world, deaths, name) }
  const observers = joinObservers([
    died,
    ...invariants.before,
    { committed: apply },
    oracle.records,
    ...invariants.after,
    ...watching,
  ])
  Object.assign(world, {
    observers,
    wechat: createSimulatedWechat(world),
    console: createConsole(world),
  })
  Object.assign(world, {
    nodes: Array.from({ length: config.nodeCount }, (_, index) =>
      createNode(world, `node${index + 1}`),
    ),
  })
  setMachine({
    now: () => timeline.now,
    random: () => world.random.next(),
    after: (delay, run) => timeline.after(delay, run),
    soon: timeline.soon,
  })
  addDevices(world)
  addAdministrator(world)
  product.server.setWechatSender((host, request, deadline) =>
    world.wechat.send(host, request, deadline),
  )
  for (const node of world.nodes) node.start()
  return world
}

/** Of each life of a node, what happens where it ends. */
type Deaths = Map<object, Set<() => void>>

/** The connections to a node that died end a little later. */
function answerDeaths(world: World, deaths: Deaths, name: string): void {
  for (const [life, waiting] of deaths) {
    if ((life as { node: string; isOver: boolean }).node !== name) continue
    if (!(life as { isOver: boolean }).isOver) continue
    deaths.delete(life)
    for (const run of waiting) world.timeline.after(5, run)
  }
}

function createOracle(world: () => World, store: World['store']): World['oracle'] {
  const oracle: Oracle = {
    model: createModel(),
    state: store.state,
    personOf: (openid) => world().wechat.personOf(openid) ?? null,
    now: () => world().timeline.now,
  }
  return { ...oracle, ...createTicketRecords() }
}

export function createPeople({ personCount }: WorldConfig): Person[] {
  const ordinary = names.slice(0, personCount).map((name, index) => ({
    name,
    number: firstNumber(index),
    accounts: [],
    isAttacker: false,
  }))
  return [
    ...ordinary,
    { name: attackerName, number: firstNumber(9), accounts: [], isAttacker: true },
  ]
}

export function addDevices(world: World): void {
  for (const { name } of world.people) {
    const count = world.random.chance(0.4) ? 2 : 1
    for (let index = 0; index < count; index++) {
      const device = createDevice(world, {
        person: name,
        name: `${name}'s ${index === 0 ? 'phone' : 'second phone'}`,
      })
      ;(world.devices as (typeof device)[]).push(device)
    }
  }
}
