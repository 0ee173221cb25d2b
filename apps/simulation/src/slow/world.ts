import { createCipheriv, randomBytes } from 'node:crypto'
import { createModel, type Oracle } from '../oracle/model.ts'
import { createTicketRecords } from '../oracle/tickets.ts'
import type { Product } from '../product/load-product.ts'
import { setMachine } from '../product/machine.ts'
import { createRandom, mixSeed } from '../random.ts'
import { addDevices, createPeople } from '../run.ts'
import { createStory } from '../story/story.ts'
import { quiet, type WorldConfig } from '../world/config.ts'
import { joinObservers, type Observer } from '../world/observers.ts'
import { createSimulatedWechat } from '../world/wechat/create-wechat.ts'
import type { World } from '../world/world.ts'
import { type LiveOptions, watchLive } from './live.ts'
import { createRealTimeline, type RealTimeline } from './timeline.ts'

/** A world whose nodes and console are still to be added. */
export type RealWorld = World & { readonly timeline: RealTimeline }

/** Passwords and names of a run; smaller numbers would make passwords that are among the most used. */
const firstSerial = 70_000

export interface RealWorldOptions extends LiveOptions {
  readonly product: Product
  readonly config: WorldConfig
  fail(invariant: string, detail: string): void
  readonly watching: readonly Observer[]
}

/** Makes the world of a slow run: the simulation's, in real time. */
export function createRealWorld(options: RealWorldOptions): RealWorld {
  const { product, config, fail, watching } = options
  const timeline = createRealTimeline((error) => fail('no-surprise', describe(error)))
  const model = createModel()
  const world: RealWorld = {
    config,
    product: { ...product, server: { ...product.server, encryptOpenData } },
    timeline,
    random: createRandom(mixSeed(config.seed, 3)),
    noise: quiet,
    store: { state: {} } as never,
    wechat: null as never,
    nodes: [],
    people: createPeople(config),
    devices: [],
    inUse: null,
    withNumberAlone: null,
    console: null as never,
    calls: new Map(),
    serials: { calls: 0, names: firstSerial },
    observers: null as never,
    oracle: { ...oracleOf(() => world, model), ...createTicketRecords() },
    story: createStory(() => timeline.now),
    loot: { tokens: [], tickets: [], codes: [], spent: [] },
    serviceClock: 0,
    clockJumpedAt: Number.NEGATIVE_INFINITY,
    fail,
    // Of the simulation's nodes, which run in its process.
    ...({ openData: null, secondFactor: null, health: null } as never as Pick<
      World,
      'openData' | 'secondFactor' | 'health'
    >),
    inTurn: (commit) => commit(),
    onDeath: () => () => {},
  }
  Object.assign(world, { wechat: createSimulatedWechat(world) })
  Object.assign(world, {
    observers: joinObservers([world.oracle.records, ...watchLive(world, options), ...watching]),
  })
  setMachine({
    now: () => timeline.now,
    random: () => world.random.next(),
    after: timeline.after,
    soon: timeline.soon,
  })
  addDevices(world)
  return world
}

export const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)

const oracleOf = (world: () => World, model: Oracle['model']): Oracle => ({
  model,
  state: {} as never,
  personOf: (openid) => world().wechat.personOf(openid) ?? null,
  now: () => world().timeline.now,
})

/** Encrypts open data as WeChat does: AES-128-CBC with the session key. */
const encryptOpenData: Product['server']['encryptOpenData'] = ({ appId, sessionKey, data }) => {
  const iv = randomBytes(16)
  const key = Buffer.from(sessionKey, 'base64')
  // A key that WeChat has never issued.
  const fitting = key.length === 16 ? key : Buffer.alloc(16, 1)
  const cipher = createCipheriv('aes-128-cbc', fitting, iv)
  const watermark = { appid: appId, timestamp: Math.floor(Date.now() / 1_000) }
  const text = JSON.stringify({ ...data, watermark })
  return {
    encryptedData: Buffer.concat([cipher.update(text), cipher.final()]).toString('base64'),
    iv: iv.toString('base64'),
  }
}
