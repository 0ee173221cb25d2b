import {
  createCallRecords,
  inputOf,
  type KnownIdentity,
  type Refused,
  textOf,
} from '../oracle/call-records.ts'
import { type Model, type ModelUser, ownerOf, toldOf } from '../oracle/model.ts'
import { hashOf } from '../world/server/node.ts'
import { readAccessToken, sessionOfRefreshToken } from '../world/server/tokens.ts'
import type { World } from '../world/world.ts'
import { areTogether } from './clocks.ts'
import type { Invariant } from './invariant.ts'
import { faultOfNumberRefusal } from './number-refusals.ts'

export const refusedRightly: Invariant = {
  name: 'refused-rightly',
  sentence:
    'A call is refused only for what is so: no right password, own number, fresh code or ticket, free name, second way in, living session or working WeChat is refused.',
  sees: 'after',
  watch(world, fail) {
    // A slow run tells no node's call when it arrives.
    const records = createCallRecords(world)
    return {
      ...records.observer,
      served(call, result) {
        // What was so when the call looked may be otherwise by now.
        const isSteady = records.changedAt < call.startedAt && areTogether(world)
        const rule = 'reason' in result && isSteady ? rules[result.reason] : undefined
        const fault = rule?.({ world, records, call }) ?? null
        if (fault !== null && 'reason' in result)
          fail(`${call.path} was refused with ${result.reason}, and ${fault}`)
        records.observer.served?.(call, result)
      },
    }
  },
}

type Rule = (refused: Refused) => string | null

const usersOf = ({ world }: Refused): ModelUser[] => [...world.oracle.model.users.values()]
const isOut = ({ isDisabled, mergedInto }: ModelUser): boolean => isDisabled || mergedInto !== null

/** Whom a call acts for: by its access token, or by the refresh token that it brings. */
function callerOf({ world, call }: Refused): ModelUser | undefined {
  const { refreshToken } = (call.input ?? {}) as { refreshToken?: string }
  const sessionId =
    call.accessToken === null
      ? sessionOfRefreshToken(refreshToken ?? '')
      : readAccessToken(call.accessToken)?.sessionId
  const session = world.oracle.model.sessions.get(sessionId ?? '')
  return world.oracle.model.users.get(session?.userId ?? '')
}

/** Whom the password of a call is for. */
const typedUser = (refused: Refused): ModelUser | undefined => {
  const typed = inputOf(refused.call).credential?.account
  return typed === undefined
    ? undefined
    : usersOf(refused).find(({ account, phone }) => account === typed || phone === typed)
}

/** How long a ticket binds, and how long its call may be repeated, in ms; less what a call may take. */
const [ticketMs, repeatMs] = [4.5 * 60_000, 50_000]
const tries = 5

const rules: Readonly<Record<string, Rule>> = {
  credential_rejected(refused) {
    const { credential, currentPassword } = inputOf(refused.call)
    const user = currentPassword === undefined ? typedUser(refused) : callerOf(refused)
    const given = currentPassword ?? credential?.password
    return user !== undefined && given !== undefined && user.passwordHash === hashOf(given)
      ? 'the password was right'
      : null
  },

  user_disabled(refused) {
    const { world, records, call } = refused
    if (call.path.startsWith('admin.account.')) return null
    const identity = records.identityOf(call)
    const owner = identity && ownerOf(world.oracle.model, identity)
    const number = world.wechat.ofPhoneCode(inputOf(call).credential?.code ?? '')?.number
    const named = number
      ? usersOf(refused).find(({ phone }) => phone === number)
      : typedUser(refused)
    const meant = [callerOf(refused), owner ?? undefined, named].filter((one) => one !== undefined)
    const isOneOut = meant.length > 0 ? meant.some(isOut) : usersOf(refused).some(isOut)
    return isOneOut ? null : 'no user whom it is about is disabled'
  },

  ticket_rejected({ world, records, call }) {
    const ticket = records.tickets.get(inputOf(call).proof?.ticket ?? '')
    if (ticket === undefined || records.removedAt >= ticket.issuedAt || ticket.calls > tries)
      return null
    const { now } = world.timeline
    if (ticket.unanswered > 1) return null
    if (ticket.used === null)
      return now - ticket.issuedAt < ticketMs ? 'its ticket was fresh and unused' : null
    const { used } = ticket
    const isSame = textOf(call) === used.call && records.changedAt < used.at
    return isSame && used.at <= call.startedAt && now - used.at < repeatMs
      ? 'the same call had succeeded, and its reply may have been lost'
      : null
  },

  account_taken(refused) {
    const { world, records, call } = refused
    const { account, credential } = inputOf(call)
    const identity = records.identityOf(call)
    if (credential?.type === 'password' && identity !== null) {
      const user = typedUser(refused)
      const isFree = user !== undefined && !user.bindings.has(identity.appId)
      return isFree ? 'the account has no WeChat in this app' : null
    }
    if (account === undefined || credential !== undefined) return null
    const isTaken = [...world.store.state.users.values()].some(
      ({ accountKey }) => accountKey === account.toLowerCase(),
    )
    return isTaken ? null : 'the name is free'
  },

  identity_taken(refused) {
    const { world, records, call } = refused
    const identity = records.identityOf(call)
    const { model } = world.oracle
    if (identity === null || ownerOf(model, identity) !== null) return null
    const { wechat } = world
    // WeChat may have told this call a unionid that is another one by now.
    if (wechat.platformsChangedAt >= call.startedAt) return null
    const person = wechat.personOf(identity.openid) ?? ''
    // The code of this call may have told a unionid that nothing has stored.
    const told = [...toldOf(model, identity), wechat.unionid(person, identity.appId)]
    const isShared = usersOf(refused).some((user) =>
      [...user.bindings.values()].some((bound) =>
        toldOf(model, bound).some((unionid) => told.includes(unionid)),
      ),
    )
    return isShared ? null : 'the identity is bound to no user'
  },

  last_credential(refused) {
    const { world, call } = refused
    const { appId = '', userId, everywhere } = inputOf(call)
    if (!call.path.endsWith('unbind')) return null
    const user = userId === undefined ? callerOf(refused) : world.oracle.model.users.get(userId)
    if (user === undefined) return null
    if (user.passwordHash !== null && (user.account !== null || user.phone !== null))
      return 'the user has a password'
    const isOther = [...user.bindings.keys()].some((app) => app !== appId)
    return isOther && everywhere !== true ? 'the user has another identity' : null
  },

  phone_rejected: faultOfNumberRefusal,

  not_found(refused) {
    const { world, call } = refused
    const { sessionId, appId, userId } = inputOf(call)
    const { model } = world.oracle
    const user = userId === undefined ? callerOf(refused) : model.users.get(userId)
    if (user === undefined) return null
    if (call.path === 'session.revoke')
      return isLiving(world, sessionId, user.id) ? 'the session lives' : null
    if (call.path.endsWith('unbind'))
      return user.bindings.has(appId ?? '') ? 'the identity is bound' : null
    // Without a session that lives there is no key to replace.
    if (call.path === 'admin.people.resetSessionKey') return null
    return call.path.startsWith('admin.people.') &&
      sessionId === undefined &&
      user.mergedInto === null
      ? 'the user is there'
      : null
  },

  proof_required(refused) {
    const { world, records, call } = refused
    const claims = readAccessToken(call.accessToken ?? '')
    const session = world.oracle.model.sessions.get(claims?.sessionId ?? '')
    const person = world.wechat.ownerOfCode(inputOf(call).code ?? '')
    if (session === undefined || person === null) return null
    const identity = { appId: session.appId, openid: world.wechat.openid(person, session.appId) }
    const isOwn =
      identity.openid === session.openid && isOwner(world.oracle.model, refused, identity)
    return isOwn && records.changedAt < call.startedAt
      ? "the code was of the caller's WeChat"
      : null
  },

  unauthenticated(refused) {
    const { world, call } = refused
    const { now } = world.timeline
    const claims = readAccessToken(call.accessToken ?? '')
    const user = callerOf(refused)
    if (claims === null || user === undefined || isOut(user)) return null
    const isValid = claims.expiresAt > now && isLiving(world, claims.sessionId, user.id)
    return isValid && claims.issuedAt <= now ? 'its access token was valid' : null
  },

  code_rejected({ records, call }) {
    const { code } = inputOf(call).proof ?? inputOf(call)
    return records.errcodeOf(code ?? '') === '0' ? 'WeChat has accepted the code' : null
  },

  code_used({ records, call }) {
    const { code = '' } = inputOf(call).proof ?? inputOf(call)
    const wasSeen = records.arrivalsOf(code) > 1 || records.errcodeOf(code) === '40163'
    return wasSeen ? null : 'the code had come once'
  },

  forbidden: ({ call }) =>
    call.path.startsWith('admin.') ? null : 'the caller is no administrator',

  overloaded: ({ world }) =>
    world.config.noise.overloaded > 0 ? null : 'no queue of passwords was full',

  wechat_unavailable: ({ records, call }) =>
    records.wechatFaults.mayBeOpen(call) ? null : 'WeChat works',
  // A call renews the access token once, so it is refused when WeChat replaces the token again while it runs.
  wechat_misconfigured: (refused) =>
    refused.world.wechat.accessTokenReplacedAt >= refused.call.startedAt
      ? null
      : faultOfWechat(refused),
  wechat_rate_limited: faultOfWechat,
}

const isOwner = (model: Model, refused: Refused, identity: KnownIdentity): boolean =>
  ownerOf(model, identity)?.id === callerOf(refused)?.id

/** How long a session that is about to expire is left out, in ms. */
const soon = 60_000

function isLiving({ oracle, store, timeline }: World, id: string | undefined, userId: string) {
  const row = store.state.sessions.get(id ?? '')
  return (
    row !== undefined &&
    row.userId === userId &&
    row.expiresAt > timeline.now + soon &&
    oracle.model.sessions.get(row.id)?.ended === null
  )
}

function faultOfWechat({ records, call }: Refused): string | null {
  return records.wechatFaults.hasFailed(call) ? null : 'WeChat works'
}
