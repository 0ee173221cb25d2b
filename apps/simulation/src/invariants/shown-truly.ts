import { createCallRecords, inputOf } from '../oracle/call-records.ts'
import type { ModelUser } from '../oracle/model.ts'
import type { ServerCall } from '../world/server/service.ts'
import { readAccessToken } from '../world/server/tokens.ts'
import type { World } from '../world/world.ts'
import { areTogether } from './clocks.ts'
import type { Invariant } from './invariant.ts'

/** The parts of replies that say what is so. */
interface Shown {
  readonly user?: ShownUser
  readonly newUser?: boolean
  readonly tokens?: ShownTokens
  readonly accessToken?: string
  readonly accessTokenExpiresAt?: string
  readonly sessions?: readonly { readonly id: string; readonly current: boolean }[]
  readonly identities?: readonly { readonly appId: string; readonly current: boolean }[]
  readonly person?: { readonly id: string; readonly account: string | null }
  readonly phone?: string | null
  readonly canSignIn?: boolean
}

interface ShownTokens {
  readonly accessToken: string
  readonly accessTokenExpiresAt: string
}

interface ShownUser {
  readonly id: string
  readonly account: string | null
  readonly phone: string | null
  readonly nickname: string | null
  readonly role: string
}

export const shownTruly: Invariant = {
  name: 'shown-truly',
  sentence:
    'What a reply shows is so: the profile as it is, all living sessions and bound apps and which of them is the caller’s, when tokens expire, and whether a user is new.',
  sees: 'after',
  watch(world, fail) {
    const records = createCallRecords(world)
    /** Who was a user when a call arrived. */
    const known = new WeakMap<ServerCall, ReadonlySet<string>>()
    return {
      ...records.observer,
      called(call) {
        records.observer.called?.(call)
        if (signingIn.includes(call.path)) known.set(call, new Set(world.oracle.model.users.keys()))
      },
      served(call, result) {
        records.observer.served?.(call, result)
        if (!('data' in result)) return
        const shown = (result.data ?? {}) as Shown
        // What was read may have changed before the reply.
        const isSteady = records.changedAt < call.startedAt
        const fault =
          faultOfNews(call, shown, known.get(call)) ??
          faultOfTimes(shown.tokens ?? shown) ??
          (isSteady
            ? (faultOfProfile(world, shown.user) ?? faultOfPerson(world, call, shown))
            : null) ??
          (isSteady && areTogether(world) ? faultOfLists(world, call, shown) : null)
        if (fault !== null) fail(`${call.path} ${fault}`)
      },
    }
  },
}

const signingIn = ['miniLogin', 'bind', 'register']

function faultOfNews(
  call: ServerCall,
  { user, newUser }: Shown,
  before: ReadonlySet<string> | undefined,
): string | null {
  if (user === undefined || newUser === undefined || before === undefined) return null
  if (newUser && before.has(user.id)) return 'called a user new who was there before'
  // A call with a ticket may be the repetition of the one that made the user.
  const isMade = call.path === 'register' && inputOf(call).proof?.code !== undefined
  return isMade && !newUser ? 'made a user and did not call it new' : null
}

function faultOfTimes(tokens: Partial<ShownTokens>): string | null {
  const claims = readAccessToken(tokens.accessToken ?? '')
  if (claims === null || tokens.accessTokenExpiresAt === undefined) return null
  return Date.parse(tokens.accessTokenExpiresAt) === claims.expiresAt
    ? null
    : 'said another time of expiry than its token has'
}

const masked = (phone: string): string => `${phone.slice(0, 3)}****${phone.slice(7)}`

function faultOfProfile({ oracle }: World, shown: ShownUser | undefined): string | null {
  const user = oracle.model.users.get(shown?.id ?? '')
  if (shown === undefined || user === undefined) return null
  const wanted = { ...user, phone: user.phone === null ? null : masked(user.phone), role: 'user' }
  const wrong = (['account', 'nickname', 'phone', 'role'] as const).find(
    (part) => shown[part] !== wanted[part],
  )
  return wrong === undefined
    ? null
    : `showed the ${wrong} ${shown[wrong]}, and it is ${wanted[wrong]}`
}

/** What an administrator is shown of a user. */
function faultOfPerson({ oracle }: World, call: ServerCall, shown: Shown): string | null {
  const user = oracle.model.users.get(inputOf(call).userId ?? '')
  if (user === undefined) return null
  if (call.path === 'admin.people.revealPhone' && user.mergedInto === null)
    return shown.phone === user.phone ? null : `showed the number ${shown.phone}`
  if (call.path !== 'admin.people.view') return null
  if (shown.person?.id !== user.id) return 'showed another user'
  if (shown.person.account !== user.account) return `showed the name ${shown.person.account}`
  return hasApps(user, shown) ? null : 'showed other identities than the user has'
}

const hasApps = ({ bindings }: ModelUser, { identities = [] }: Shown): boolean =>
  identities.length === bindings.size && identities.every(({ appId }) => bindings.has(appId))

/** How long ago a session must have been opened, and how long it must have left, to be listed for sure. In ms. */
const margin = 60_000
/** As many as a list has at most. */
const most = 100

function faultOfLists(
  { oracle, store, timeline }: World,
  { path, caller, startedAt }: ServerCall,
  shown: Shown,
): string | null {
  if (caller === null) return null
  const { session, user } = caller
  const model = oracle.model.users.get(user.id)
  if (path === 'identity.list' && model !== undefined) {
    if (!hasApps(model, shown)) return 'listed other identities than the user has'
    const wrong = shown.identities?.find(
      ({ appId, current }) => current !== (appId === session.appId),
    )
    return wrong === undefined ? null : "marked another identity as the caller's"
  }
  if (path !== 'session.list' || shown.sessions === undefined) return null
  if (shown.sessions.some(({ id, current }) => current !== (id === session.id)))
    return "marked another session as the caller's"
  const listed = shown.sessions.map(({ id }) => id)
  const missing = [...store.state.sessions.values()].find(
    (row) =>
      row.userId === user.id &&
      row.createdAt < startedAt - margin &&
      row.expiresAt > timeline.now + margin &&
      !listed.includes(row.id),
  )
  return missing === undefined || listed.length >= most ? null : 'left a living session out'
}
