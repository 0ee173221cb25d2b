import type { SignedInCaller, UserService } from '@mianmi/core'
import type { AdminService } from '@mianmi/core/admin'

/** A process of the service. */
export interface ServiceNode {
  readonly name: string
  readonly life: Life | null
  readonly users: UserService
  readonly admin: AdminService
  /** How far its clock is ahead, in ms. */
  clockOffset: number
  /** SECRET_KEY: the number of each listed key, the first one first. */
  keys: readonly number[]
  start(): void
  kill(): void
  /** Answers a request of an app; null where the node died before it could. */
  serve(request: HttpRequest): Promise<HttpReply | null>
}

/** One life of a node, from its start to its death. */
export interface Life {
  readonly node: string
  /** A moment at which the node may die, and others may come between. Never resolves on a dead node. */
  pass(): Promise<void>
  /** A moment that takes a time in ms. */
  spend(ms: number): Promise<void>
  readonly isOver: boolean
  end(): void
  /** Lets the node die after so many moments. */
  endIn(moments: number): void
}

/** A verb of a store that was committed. */
export interface CommittedVerb {
  /** Port and verb, such as `identities.bind`. */
  readonly name: string
  readonly args: readonly unknown[]
  readonly result: unknown
  /** Virtual time. */
  readonly at: number
  readonly node: string
}

/** A request as it arrives at a node. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  /** Path and query, without the host. */
  readonly url: string
  readonly body: string | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly address: string
  readonly device: string
}

export interface HttpReply {
  readonly status: number
  readonly body: string
}

/** One procedure call at a node. */
export interface ServerCall {
  readonly node: string
  readonly path: string
  readonly input: unknown
  /** The id that the phone gave the call; null for one that bears none. */
  readonly callId: string | null
  readonly accessToken: string | null
  /** The cookie of an administrator's browser. Absent for a call of a mini program. */
  readonly consoleToken?: string | null
  /** Of a browser in which an administrator has signed in before. */
  readonly knownBrowser?: string | null
  /** The network that it comes from. Absent in a slow run, where all come from one. */
  readonly address?: string
  readonly startedAt: number
  /** Whom the access token was accepted for. */
  caller: SignedInCaller | null
}

/** How a call ended: with a result, or with the reason of its refusal. */
export type ServerResult =
  | { readonly data: unknown }
  | { readonly reason: string; readonly error: unknown }
