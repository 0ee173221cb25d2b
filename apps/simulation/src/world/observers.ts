import type { User } from '@mianmi/contracts'
import type { AuditEvent, SignedInCaller } from '@mianmi/core'
import type { SessionState } from '@mianmi/wx-session'
import type { WechatRequest } from '../product/service-parts.ts'
import type { AppContext, PhoneCall, PhoneOutcome } from './phone/phone.ts'
import type { CommittedVerb, ServerCall, ServerResult } from './server/service.ts'

/** What can be seen of a run. An invariant, the oracle and the coverage each watch some of it. */
export interface Observer {
  /** A verb of a store has changed something, or refused to. */
  committed?(verb: CommittedVerb): void
  /**
   * What the store holds can be compared with the oracle: in the simulation after each verb, in a slow run between two
   * steps. `after` names what has happened since.
   */
  stored?(after: string): void
  /** A limit is being counted, or a use given back; `result` is what the store answers. */
  counting?(verb: Omit<CommittedVerb, 'result'>, result: Promise<unknown>): void
  /** A verb of a store was asked that changes nothing. */
  looked?(verb: CommittedVerb): void
  /** A call has arrived at a node. */
  called?(call: ServerCall): void
  /** A node has accepted an access token. */
  authenticated?(call: ServerCall, caller: SignedInCaller): void
  /** A node has written a line of the audit log. */
  audited?(line: AuditEvent): void
  /** A node has a reply to a call. */
  served?(call: ServerCall, result: ServerResult): void
  /** An app has got what it waited for. */
  settled?(call: PhoneCall, outcome: PhoneOutcome): void
  /** The session of a context is in another state. */
  stateChanged?(context: AppContext, change: StateChange): void
  /** A context has got renewed tokens. */
  renewed?(context: AppContext): void
  /** A context calls wx.login. `wx` stands for the context; `clock` is its phone's time in ms. */
  loginStarted?(wx: object, clock: number): void
  loginEnded?(wx: object): void
  /** An app sends these calls in a request: each path with the id of the call. */
  requestSent?(calls: readonly string[]): void
  /** A context sends calls by themselves, such as a sign-in. `wx` and `clock` as for a login. */
  asked?(wx: object, call: Pick<PhoneReply, 'path' | 'clock'>): void
  /** The reply to such a call. `retryAfter` is in seconds. */
  answered?(wx: object, reply: PhoneReply): void
  wechatAsked?(node: string, request: WechatRequest): void
  /** `errcode` is WeChat's, `0` for success, or `mad`, `unreachable`. */
  wechatReplied?(request: WechatRequest, errcode: string): void
  nodeDied?(node: string): void
  /** An attacker's call ended. */
  attacked?(attack: Attack): void
  /** An event, and all that follows from it at once, has happened. */
  happened?(): void
  /** Everything works again, and what was under way has had time to end. */
  drained?(): void
  /** Each person has signed in again. */
  ended?(): void
}

export interface PhoneReply {
  readonly path: string
  readonly clock: number
  /** Null where it was granted. */
  readonly reason: string | null
  readonly retryAfter: number
}

export interface StateChange {
  readonly before: SessionState<User>
  readonly state: SessionState<User>
}

/** What an attacker tried, and whether it was granted. */
export interface Attack {
  readonly name: string
  /** Whether the threat model grants it. */
  readonly isAllowed: boolean
  readonly isGranted: boolean
  readonly detail: string
}

export type Observers = { readonly [Name in keyof Observer]-?: NonNullable<Observer[Name]> }

const events = [
  'committed',
  'counting',
  'stored',
  'looked',
  'called',
  'authenticated',
  'audited',
  'served',
  'settled',
  'stateChanged',
  'renewed',
  'loginStarted',
  'loginEnded',
  'requestSent',
  'asked',
  'answered',
  'wechatAsked',
  'wechatReplied',
  'nodeDied',
  'attacked',
  'happened',
  'drained',
  'ended',
] as const satisfies readonly (keyof Observer)[]

type Watch = (first: unknown, second: unknown) => void

/** An event that nothing watches costs nothing, and `happened` is one of each event of the timeline. */
function passTo(watching: readonly Watch[]): Watch {
  const [only] = watching
  if (only === undefined) return () => {}
  if (watching.length === 1) return only
  return (first, second) => {
    for (const watch of watching) watch(first, second)
  }
}

/** Passes each event to the observers that watch it, in their order. */
export function joinObservers(observers: readonly Observer[]): Observers {
  const joined = events.map((name) => {
    const watching = observers.flatMap((observer) => {
      const watch = observer[name] as Watch | undefined
      return watch === undefined ? [] : [watch]
    })
    return [name, passTo(watching)]
  })
  return Object.fromEntries(joined) as unknown as Observers
}
