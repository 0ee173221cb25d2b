import type { OpenDataReader } from '@mianmi/core'
import type { AdminPorts } from '@mianmi/core/admin'
import type { MemoryStore } from '@mianmi/core/testing'
import type { Oracle } from '../oracle/model.ts'
import type { TicketRecords } from '../oracle/tickets.ts'
import type { Product } from '../product/load-product.ts'
import type { Random } from '../random.ts'
import type { Story } from '../story/story.ts'
import type { Timeline } from '../timeline/timeline.ts'
import type { Console } from './admin/console.ts'
import type { Noise, WorldConfig } from './config.ts'
import type { Observers } from './observers.ts'
import type { Person } from './people.ts'
import type { AppContext, Device, Installation, PhoneCall } from './phone/phone.ts'
import type { Life, ServiceNode } from './server/service.ts'
import type { SimulatedWechat } from './wechat/wechat.ts'

/** Everything in a run. */
export interface World {
  readonly config: WorldConfig
  readonly product: Product
  readonly timeline: Timeline
  /** Of the step that is being played, so that a step plays alike where others are left out. */
  random: Random
  noise: Noise
  readonly store: MemoryStore
  readonly wechat: SimulatedWechat
  readonly nodes: readonly ServiceNode[]
  readonly people: readonly Person[]
  readonly devices: readonly Device[]
  /** The app that somebody uses at present. */
  inUse: Installation | null
  /** The person who last gave up every other way to sign in than a number and its password. */
  withNumberAlone: Person | null
  readonly console: Console
  /** What phones wait for. */
  readonly calls: Map<string, PhoneCall>
  readonly serials: { calls: number; names: number }
  readonly observers: Observers
  readonly oracle: Oracle & TicketRecords
  readonly story: Story
  readonly openData: OpenDataReader
  readonly secondFactor: Pick<AdminPorts, 'totp' | 'recoveryCodes' | 'enrolmentCodes'>
  readonly health: ReturnType<AdminPorts['health']>
  /** What attackers have got hold of. */
  readonly loot: Loot
  /** How far the clock that the service goes by is ahead, in ms: of the one machine, or of the database that several nodes share. */
  serviceClock: number
  /** When the clock of a node last jumped, in virtual time. */
  clockJumpedAt: number
  /** Runs commits one after the other, each with all who watch it: they see no later one. Takes no virtual time. */
  inTurn<T>(commit: () => Promise<T>): Promise<T>
  /** Reports that a sentence is broken. Only the first report of a run counts. */
  fail(invariant: string, detail: string): void
  /** Calls the function when a life of a node ends. Returns how to cancel that. */
  onDeath(node: ServiceNode, life: Life | null, run: () => void): () => void
}

/** A call of `bind` or `register` that has succeeded with a ticket. */
export interface SpentTicket {
  readonly path: 'bind' | 'register'
  readonly input: object
  readonly ticket: string
  readonly person: string
  readonly context: AppContext
}

/** What attackers know that is not theirs. */
export interface Loot {
  readonly tokens: {
    readonly accessToken: string
    readonly refreshToken: string
    readonly sessionId: string
    readonly appId: string
  }[]
  readonly tickets: string[]
  readonly codes: { readonly appId: string; readonly code: string }[]
  /** Calls that have succeeded with a ticket, the newest last. */
  readonly spent: SpentTicket[]
}
