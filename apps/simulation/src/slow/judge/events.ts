import type { Identity } from '@mianmi/core'
import { readAccessToken, sessionOfRefreshToken } from '../../world/server/tokens.ts'
import type { Snapshot } from '../database/database.ts'
import type { ObservedCall } from '../traffic.ts'
import type { WechatFacts } from '../wechat-server.ts'

/** How a sign-in ended: what the verbs of a store are made from. */
export interface SignInEffect {
  readonly sessionId: string
  readonly userId: string
  /** Null where the call does not tell. */
  readonly isNew: boolean | null
  /** Whether the session is known to be in no snapshot: it was opened and ended between two. */
  readonly isUnseen?: boolean
}

/** What a call has done; null for nothing. */
export type Effect =
  | { readonly kind: 'signedIn'; readonly signIn: SignInEffect }
  | { readonly kind: 'unbound'; readonly ticket: string | null }
  | { readonly kind: 'done'; readonly data: unknown }
  | { readonly kind: 'refused'; readonly reason: string }

/** A call of which the model has to know, and what it may have done. */
export interface CallEvent {
  readonly call: ObservedCall
  /** One where a reply said it; more where the node died. Null: nothing. */
  readonly effects: readonly (Effect | null)[]
  /** What it is about. Calls that share nothing pass in any order. */
  readonly subjects: readonly string[]
}

/** Procedures after which something is different. */
const changing = [
  'miniLogin',
  'bind',
  'register',
  'session.refresh',
  'session.signOut',
  'session.revoke',
  'session.revokeOthers',
  'identity.unbind',
  'account.updateProfile',
  'account.changePassword',
  'account.bindPhone',
  'account.delete',
]
const changingByAdmin = [
  'disable',
  'enable',
  'endSessions',
  'clearPassword',
  'clearPhone',
  'unbind',
  'remove',
  'merge',
  'undo',
]

export const isChanging = (path: string): boolean =>
  path.startsWith('admin.')
    ? changingByAdmin.includes(path.split('.').at(-1) ?? '')
    : changing.includes(path)

export const isSignIn = (path: string): boolean => ['miniLogin', 'bind', 'register'].includes(path)

/** The parts of inputs that say whom a call is about. */
export interface CallInput {
  readonly appId?: string
  readonly code?: string
  readonly proof?: { readonly ticket?: string; readonly appId?: string; readonly code?: string }
  readonly credential?: {
    readonly type?: string
    readonly account?: string
    readonly password?: string
    readonly code?: string
  }
  readonly account?: string
  readonly password?: string
  readonly userId?: string
  readonly sessionId?: string
  readonly refreshToken?: string
  readonly everywhere?: boolean
  readonly nickname?: string
  readonly currentPassword?: string
  readonly newPassword?: string
  readonly mergeId?: string
  readonly firstUserId?: string
  readonly secondUserId?: string
  readonly keepUserId?: string
}

export const inputOf = ({ input }: ObservedCall): CallInput => (input ?? {}) as CallInput

/** What WeChat said, and to which identity each ticket was issued. */
export interface Facts extends WechatFacts {
  identityOfTicket(ticket: string): Identity | null
}

/** The identity that a sign-in is of; null where WeChat has not said it. */
export function identityOfProof(facts: Facts, call: ObservedCall): Identity | null {
  const input = inputOf(call)
  const { ticket, code = input.code } = input.proof ?? {}
  if (ticket !== undefined) return facts.identityOfTicket(ticket)
  return code === undefined ? null : facts.identityOf(code)
}

interface SignInReply {
  readonly status: string
  readonly ticket?: string
  readonly tokens?: { readonly refreshToken: string }
  readonly user?: { readonly id: string }
  readonly newUser?: boolean
}

/** What a reply says that a call has done; null for nothing that the model has to know. */
export function effectOf({ path, result }: ObservedCall): Effect | null {
  if (result === null) return null
  if ('reason' in result) {
    const { reason } = result
    // Both tell the model something: WeChat's word was taken, and a session may have ended.
    const isNews =
      (path === 'miniLogin' && reason === 'user_disabled') ||
      (path === 'session.refresh' && reason === 'unauthenticated')
    return isNews ? { kind: 'refused', reason } : null
  }
  if (!isSignIn(path)) return { kind: 'done', data: result.data }
  const { status, ticket = '', tokens, user, newUser } = result.data as SignInReply
  if (status === 'unbound') return { kind: 'unbound', ticket }
  const sessionId = sessionOfRefreshToken(tokens?.refreshToken ?? '')
  return {
    kind: 'signedIn',
    signIn: { sessionId, userId: user?.id ?? '', isNew: newUser ?? null },
  }
}

/** Makes events of calls: of those that succeeded, and of those that may have. */
export function eventsOf(
  calls: readonly ObservedCall[],
  { facts, snapshot, isKnown }: { facts: Facts; snapshot: Snapshot; isKnown(id: string): boolean },
): CallEvent[] {
  const replied = new Set(
    calls.flatMap((call) => {
      const effect = effectOf(call)
      return effect?.kind === 'signedIn' ? [effect.signIn.sessionId] : []
    }),
  )
  const unclaimed = snapshot.sessions.filter(({ id }) => !replied.has(id) && !isKnown(id))
  return calls.flatMap((call) => {
    const subjects = subjectsOf(facts, call)
    if (call.result !== null) {
      const effect = effectOf(call)
      return effect === null ? [] : [{ call, effects: [effect], subjects }]
    }
    if (!isChanging(call.path)) return []
    return [{ call, effects: possibleEffects(facts, { call, snapshot, unclaimed }), subjects }]
  })
}

/** What a call whose node died may have done. */
function possibleEffects(
  facts: Facts,
  {
    call,
    snapshot,
    unclaimed,
  }: { call: ObservedCall; snapshot: Snapshot; unclaimed: Snapshot['sessions'] },
): (Effect | null)[] {
  if (!isSignIn(call.path)) return [null, { kind: 'done', data: {} }]
  const identity = identityOfProof(facts, call)
  if (identity === null) return [null]
  const { appId, openid } = identity
  const seen = unclaimed
    .filter(({ app_id }) => app_id === appId)
    .map(({ id, user_id }) => ({ sessionId: id, userId: user_id, isNew: null }))
  const bound = snapshot.identities
    .filter((row) => row.app_id === appId && row.openid === openid)
    .map(({ user_id }) => ({
      ...{ sessionId: `unseen ${call.startedAt}`, userId: user_id },
      ...{ isNew: null, isUnseen: true },
    }))
  const signIns = [...seen, ...bound].map((signIn): Effect => ({ kind: 'signedIn', signIn }))
  const unbound: Effect[] = call.path === 'miniLogin' ? [{ kind: 'unbound', ticket: null }] : []
  return seen.length > 0 ? [...signIns, null, ...unbound] : [null, ...unbound, ...signIns]
}

/** Users, people, tickets, names and numbers that a call is about. */
function subjectsOf(facts: Facts, call: ObservedCall): string[] {
  const input = inputOf(call)
  const token = call.accessToken === null ? null : readAccessToken(call.accessToken)
  const identity = identityOfProof(facts, call)
  const effect = effectOf(call)
  const number = input.credential?.code ?? (call.path === 'account.bindPhone' ? input.code : null)
  const account = input.credential?.account ?? input.account
  return [
    ...[token?.userId, input.userId].flatMap((id) => (id == null ? [] : [`user ${id}`])),
    ...(effect?.kind === 'signedIn' ? [`user ${effect.signIn.userId}`] : []),
    // All identities of a person are one subject, because unionids connect them.
    ...(identity === null ? [] : [`person ${identity.openid.split('-')[1]}`]),
    ...(input.proof?.ticket === undefined ? [] : [`ticket ${input.proof.ticket}`]),
    ...(account === undefined ? [] : [`name ${account}`]),
    ...(number == null ? [] : [`number ${facts.numberOf(number)}`]),
    ...(input.refreshToken === undefined
      ? []
      : [`session ${sessionOfRefreshToken(input.refreshToken)}`]),
    ...(token == null ? [] : [`session ${token.sessionId}`]),
  ]
}
