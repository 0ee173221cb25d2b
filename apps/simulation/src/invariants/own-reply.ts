import type { ServerCall } from '../world/server/service.ts'
import { readAccessToken, sessionOfRefreshToken } from '../world/server/tokens.ts'
import type { World } from '../world/world.ts'
import type { Invariant } from './invariant.ts'

/** The parts of replies that say whose they are. */
interface ReplyData {
  readonly status?: string
  readonly tokens?: ReplyTokens
  readonly accessToken?: string
  readonly refreshToken?: string
  readonly user?: { readonly id: string }
  readonly session?: { readonly id: string }
  readonly sessions?: readonly { readonly id: string }[]
  readonly data?: { readonly openid?: string }
}

interface ReplyTokens {
  readonly accessToken: string
  readonly refreshToken: string
}

/** The label of calls that an app sends together. */
export const pageLoad = 'me and session.list'

export const ownReply: Invariant = {
  name: 'own-reply',
  sentence:
    'A reply is about who made the call: a login code opens the WeChat of its phone, tokens are of one session and its user, and lists show what the caller owns.',
  sees: 'after',
  watch(world, fail) {
    return {
      settled({ label }, outcome) {
        if (label !== pageLoad || outcome.kind !== 'done') return
        const [me, list] = outcome.data as readonly ReplyData[]
        if (me?.user === undefined || list?.sessions === undefined)
          fail('a call of a batch got the reply to another call')
      },
      served(call, result) {
        if (!('data' in result) || call.path.startsWith('admin.')) return
        const data = (result.data ?? {}) as ReplyData
        const fault = faultOfTokens(world, call, data) ?? faultOfView(world, call, data)
        if (fault !== null) fail(`${call.path} ${fault}`)
      },
    }
  },
}

/** What is wrong with the tokens of a reply. */
function faultOfTokens(
  { oracle, wechat }: World,
  { path, input }: ServerCall,
  { tokens, accessToken = tokens?.accessToken, ...data }: ReplyData,
): string | null {
  if (accessToken === undefined) return null
  const { refreshToken = tokens?.refreshToken ?? '' } = data
  const { sessionId = '', userId, appId } = readAccessToken(accessToken) ?? {}
  const session = oracle.model.sessions.get(sessionId)
  if (session === undefined) return 'returned the token of a session that nothing opened'
  if (session.userId !== userId || session.appId !== appId)
    return 'returned a token that names another user or app than its session has'
  if (sessionOfRefreshToken(refreshToken) !== sessionId)
    return 'returned the tokens of two sessions at once'
  if (data.user !== undefined && data.user.id !== userId)
    return 'returned the tokens of one user and the profile of another'
  const given = (input ?? {}) as { refreshToken?: string; appId?: string; code?: string }
  if (path === 'session.refresh')
    return sessionOfRefreshToken(given.refreshToken ?? '') === sessionId
      ? null
      : 'renewed another session than the token was of'
  const { code = '', appId: askedFor = '' } =
    (given as { proof?: { appId?: string; code?: string } }).proof ?? given
  const person = wechat.ownerOfCode(code)
  if (person === null) return null
  return session.openid === wechat.openid(person, askedFor)
    ? null
    : `opened the WeChat ${session.openid} by a login code of ${person}`
}

/** What is wrong with what a signed-in caller is shown. */
function faultOfView(
  { oracle }: World,
  { caller }: ServerCall,
  { user, session, sessions, data }: ReplyData,
): string | null {
  if (caller === null) return null
  if (user !== undefined && user.id !== caller.user.id) return 'returned another user'
  if (session !== undefined && session.id !== caller.session.id) return 'returned another session'
  const { model } = oracle
  const strange = sessions?.find(({ id }) => model.sessions.get(id)?.userId !== caller.user.id)
  if (strange !== undefined) return 'listed a session of another user'
  const openid = model.sessions.get(caller.session.id)?.openid
  return data?.openid === undefined || data.openid === openid
    ? null
    : 'decrypted the data of another WeChat'
}
