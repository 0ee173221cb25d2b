import type { Observer } from '../world/observers.ts'
import type { CommittedVerb, ServerCall, ServerResult } from '../world/server/service.ts'
import type { World } from '../world/world.ts'
import { createWechatFaults, type WechatFaults } from './wechat-faults.ts'

/** The parts of inputs that the records are about. */
export interface CallInput {
  readonly appId?: string
  readonly code?: string
  readonly proof?: { readonly ticket?: string; readonly appId?: string; readonly code?: string }
  readonly credential?: {
    readonly type?: 'password' | 'phone'
    readonly account?: string
    readonly password?: string
    readonly code?: string
  }
  readonly account?: string
  readonly userId?: string
  readonly sessionId?: string
  readonly everywhere?: boolean
  readonly currentPassword?: string
}

export const inputOf = ({ input }: Pick<ServerCall, 'input'>): CallInput =>
  (input ?? {}) as CallInput

export interface KnownIdentity {
  readonly appId: string
  readonly openid: string
}

/** A ticket, from the reply that issued it on. */
export interface TicketRecord {
  readonly identity: KnownIdentity
  readonly issuedAt: number
  /** How many calls with it have arrived, since it was used where it was. */
  calls: number
  /** How many of them have no reply: whether they have used it is not known. */
  unanswered: number
  /** The first call with it that succeeded. */
  used: { readonly at: number; readonly call: string } | null
}

/** What calls have asked for, and when what they rest on has changed. Times are virtual. */
export interface CallRecords {
  readonly observer: Observer
  readonly tickets: ReadonlyMap<string, TicketRecord>
  /** How many calls with a login code or a phone code have arrived. */
  arrivalsOf(code: string): number
  /** What WeChat said last of a login code or a phone code; undefined where it was not asked. */
  errcodeOf(code: string): string | undefined
  /** The identity that a call proves; null where it proves none. */
  identityOf(call: ServerCall): KnownIdentity | null
  /** When a user, an identity or a number became another one's, was changed or ended. */
  readonly changedAt: number
  /** When a user was removed or merged. */
  readonly removedAt: number
  readonly wechatFaults: WechatFaults
}

/** A call that was refused. */
export interface Refused {
  readonly world: World
  readonly records: CallRecords
  readonly call: ServerCall
}

const changing =
  /^(identities\.(signIn|signUp|register|bind|bindPhone|unbind)|users\.(changePassword|setPhone|removeCaller|updateProfile)|people\.(disable|enable|remove|clear)|merges\.)/
const removing = /^(users\.removeCaller|people\.remove|merges\.)/
const done = ['changed', 'unbound', 'removed', 'disabled', 'undone']

const changingNames = new Map<string, boolean>()

/** Names are few, and each is asked for thousands of times. */
function isChanging(name: string): boolean {
  const isIt = changingNames.get(name) ?? changing.test(name)
  changingNames.set(name, isIt)
  return isIt
}

/** Whether a verb has changed who may be whom. A sign-in has where it bound by a unionid. */
function isChange({ name, result }: CommittedVerb): boolean {
  if (!isChanging(name)) return false
  if (typeof result === 'string') return done.includes(result)
  const { status, effects } = (result ?? {}) as { status?: string; effects?: readonly unknown[] }
  if (name === 'identities.signIn') return status === 'bound' && effects !== undefined
  return status === undefined || status === 'bound'
}

export const textOf = ({ path, input }: Pick<ServerCall, 'path' | 'input'>): string =>
  `${path} ${JSON.stringify(input)}`

export function createCallRecords(world: World): CallRecords {
  const { timeline } = world
  const tickets = new Map<string, TicketRecord>()
  const arrivals = new Map<string, number>()
  const errcodes = new Map<string, string>()
  const times = { changedAt: -1, removedAt: -1 }
  const wechatFaults = createWechatFaults(world)
  const arrive = (code: string | undefined): void => {
    if (code !== undefined) arrivals.set(code, (arrivals.get(code) ?? 0) + 1)
  }
  const identityOf = (call: ServerCall): KnownIdentity | null => {
    const { proof, appId, code } = inputOf(call)
    if (proof?.ticket !== undefined) return tickets.get(proof.ticket)?.identity ?? null
    const given = proof ?? { appId, code }
    const { wechat } = world
    const person = wechat.ownerOfCode(given.code ?? '')
    if (person === null || given.appId === undefined) return null
    return { appId: given.appId, openid: wechat.openid(person, given.appId) }
  }
  const noteServed = (call: ServerCall, result: ServerResult): void => {
    const tried = tickets.get(inputOf(call).proof?.ticket ?? '')
    if (tried !== undefined) tried.unanswered -= 1
    // What could not be verified was no try.
    if (tried !== undefined && 'reason' in result && result.reason === 'overloaded')
      tried.calls -= 1
    if (!('data' in result)) return
    const { ticket } = (result.data ?? {}) as { ticket?: string }
    const identity = call.path === 'miniLogin' ? identityOf(call) : null
    if (ticket !== undefined && identity !== null)
      tickets.set(ticket, { identity, issuedAt: timeline.now, calls: 0, unanswered: 0, used: null })
    const spent = tickets.get(inputOf(call).proof?.ticket ?? '')
    if (spent === undefined || spent.used !== null) return
    spent.used = { at: timeline.now, call: textOf(call) }
    spent.calls = 0
  }
  return {
    tickets,
    arrivalsOf: (code) => arrivals.get(code) ?? 0,
    errcodeOf: (code) => errcodes.get(code),
    identityOf,
    get changedAt() {
      return times.changedAt
    },
    get removedAt() {
      return times.removedAt
    },
    wechatFaults,
    observer: {
      called(call) {
        const { proof, code, credential } = inputOf(call)
        arrive(proof?.code ?? code)
        arrive(credential?.code)
        const ticket = tickets.get(proof?.ticket ?? '')
        if (ticket === undefined) return
        ticket.calls += 1
        ticket.unanswered += 1
      },
      served: noteServed,
      committed(verb) {
        if (!isChange(verb)) return
        times.changedAt = timeline.now
        if (removing.test(verb.name)) times.removedAt = timeline.now
      },
      ...wechatFaults.observer,
      wechatReplied(request, errcode) {
        wechatFaults.observer.wechatReplied(request, errcode)
        const { query, body } = request
        const code = query['js_code'] ?? body?.['code']
        if (code !== undefined) errcodes.set(String(code), errcode)
      },
    },
  }
}
