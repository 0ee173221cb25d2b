import type { AppRouter, User } from '@mianmi/contracts'
import type { WxClient } from '@mianmi/wx-link/client'
import type { Session, SessionState } from '@mianmi/wx-session'

/** How a phone's storage behaves. */
/** `failing` fails mostly, `broken` each time. */
export type StorageMood = 'well' | 'full' | 'failing' | 'broken' | 'silent'

/** A phone of a person. */
export interface Device {
  readonly name: string
  readonly person: string
  readonly address: string
  /** In which order the reactions of its promises run. */
  readonly promises: 'microtasks' | 'tasks'
  /** How far its clock is ahead, in ms. */
  clockOffset: number
  /** Whether it has no network: requests and logins fail at once. */
  isOffline: boolean
  readonly apps: ReadonlyMap<string, Installation>
}

/** An app on a phone: its storage, and the contexts that run over it. */
export interface Installation {
  readonly device: Device
  readonly appId: string
  /** Key → JSON. */
  readonly storage: Map<string, string>
  storageMood: StorageMood
  /** When storage last failed, in virtual time. */
  storageFailedAt: number
  /** When something could not be written or removed last. */
  writeFailedAt: number
  contexts: readonly AppContext[]
  /** How many contexts were opened so far. */
  opened: number
  /** When one was closed last, in virtual time: what it was about to store is lost. */
  closedAt: number
  /** What the person last decided and got: nothing, to be signed out, or to be signed in. A tap that fails is nothing. */
  intent: 'none' | 'out' | 'in'
  /** When the person was last signed in by a decision, in virtual time. */
  intentSince: number
  /** How many decisions there were: a tap that ends later than the next decision counts no more. */
  decisions: number
  /** Whether it is known what the person's intent left behind: false while contexts contradict each other. */
  isIntentClear: boolean
  /** The last sign-out: in which context, and from which event on storage says so; null where there was none. */
  signOut: { readonly context: AppContext; storedAt: number } | null
}

/** A context of an app that runs: a session and its clients over the app's storage. */
export interface AppContext {
  /** As a story names it. */
  readonly name: string
  readonly app: Installation
  readonly session: Session<User>
  /** Calls with the session's token. */
  readonly api: WxClient<AppRouter>
  /** Calls without one. */
  readonly service: WxClient<AppRouter>
  /** Its part of `wx`, as observers know it. */
  readonly wx: object
  readonly openedAt: number
  readonly isAlive: boolean
  /** When it read last which sign-out is stored: the event of the timeline, and the virtual time. */
  readonly read: { readonly event: number; readonly at: number }
  /** The state that was seen last. */
  state: SessionState<User>
  kill(): void
}

/** Something that a phone waits for. */
export interface PhoneCall {
  readonly id: string
  readonly label: string
  readonly context: AppContext
  /** The user who was signed in when the call was made; null where that was not known yet. */
  readonly madeFor: string | null
  readonly startedAt: number
  /** Null while it waits. */
  outcome: PhoneOutcome | null
}

/** What the app gets. `reason` is one of the service, `link` a failure of the network, `state` a missing sign-in. */
export type PhoneOutcome =
  | { readonly kind: 'done'; readonly data: unknown }
  | { readonly kind: 'reason'; readonly reason: string; readonly retryAfter: number | undefined }
  | { readonly kind: 'link'; readonly link: string }
  | { readonly kind: 'state'; readonly status: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'unknown'; readonly error: unknown }
