import { hashOf } from '../world/server/node.ts'
import type { CommittedVerb, ServerCall } from '../world/server/service.ts'
import { sessionOfRefreshToken } from '../world/server/tokens.ts'
import type { Invariant } from './invariant.ts'

/** How long before a call its effect may have been committed, in ms: parallel refreshes, on any node, share one exchange. */
const shared = 10_000

type Matches = (verb: CommittedVerb, call: ServerCall) => boolean

/** That a verb with one of the names succeeded for the caller. */
const byCaller =
  (name: string, isDone: (result: unknown) => boolean): Matches =>
  (verb, { caller }) => {
    const [given] = verb.args as [{ caller?: { userId: string } | null; userId?: string }]
    const userId = given.caller?.userId ?? given.userId
    return verb.name === name && userId === caller?.user.id && isDone(verb.result)
  }

/** That a verb with one of the names opened a session. */
const opened =
  (...names: string[]): Matches =>
  ({ name, result }) =>
    names.includes(name) && (result as { status?: string }).status === 'bound'

/** That a verb succeeded for the user whom an administrator named. */
const byAdmin =
  (name: string, isDone: (result: unknown) => boolean = () => true): Matches =>
  (verb, { input }) => {
    const [given] = verb.args as [string | { userId?: string }]
    const userId = typeof given === 'string' ? given : given.userId
    return (
      verb.name === name && userId === (input as { userId: string }).userId && isDone(verb.result)
    )
  }

const isNot = (text: string) => (result: unknown) => result !== text
const is = (wanted: unknown) => (result: unknown) => result === wanted
const isNoText = (result: unknown) => typeof result !== 'string'

const changedPassword: Matches = (verb, call) => {
  if (!byCaller('users.changePassword', is('changed'))(verb, call)) return false
  const [{ from, to }] = verb.args as [{ from: string | null; to: string }]
  const { currentPassword, newPassword } = call.input as Record<string, string | undefined>
  const isProven = from === null || from === hashOf(currentPassword ?? '')
  return isProven && to === hashOf(newPassword ?? '')
}

/** Whether an unbinding was of the app, and everywhere, as the call has asked, and keeps the session of its caller. */
function isAsAsked({ args }: CommittedVerb, { input, caller }: ServerCall): boolean {
  const [done] = args as [
    { appId: string; everywhere: boolean; caller: { sessionId: string } | null },
  ]
  const asked = input as { appId: string; everywhere?: boolean }
  return (
    done.appId === asked.appId &&
    done.everywhere === (asked.everywhere ?? false) &&
    done.caller?.sessionId === caller?.session.id
  )
}

const effects: Record<string, Matches> = {
  miniLogin: (verb, call) =>
    opened('identities.signIn', 'identities.signUp')(verb, call) || verb.name === 'tickets.issue',
  bind: opened('identities.bind', 'identities.bindPhone', 'identities.repeat'),
  register: opened('identities.register', 'identities.repeat'),
  'session.refresh': ({ name, args, result }, { input }) =>
    name === 'sessions.refresh' &&
    (args[0] as { sessionId: string }).sessionId ===
      sessionOfRefreshToken((input as { refreshToken: string }).refreshToken) &&
    ['rotated', 'repeated'].includes((result as { status: string }).status),
  'session.signOut': byCaller('sessions.end', () => true),
  'session.revoke': byCaller('sessions.revoke', is(true)),
  'session.revokeOthers': byCaller('sessions.endOthers', isNoText),
  'identity.unbind': (verb, call) =>
    byCaller('identities.unbind', is('unbound'))(verb, call) && isAsAsked(verb, call),
  'account.updateProfile': byCaller('users.updateProfile', isNoText),
  'account.changePassword': changedPassword,
  'account.bindPhone': byCaller('users.setPhone', isNoText),
  'account.delete': byCaller('users.removeCaller', is('removed')),
  'admin.people.disable': byAdmin('people.disable', isNot('not_found')),
  'admin.people.enable': byAdmin('people.enable'),
  'admin.people.endSessions': byAdmin('people.endSessions'),
  'admin.people.clearPassword': byAdmin('people.clearPassword', isNoText),
  'admin.people.clearPhone': byAdmin('people.clearPhone', isNoText),
  'admin.people.remove': byAdmin('people.remove', is('removed')),
  'admin.people.unbind': (verb, call) =>
    byAdmin('identities.unbind', is('unbound'))(verb, call) && isAsAsked(verb, call),
  'admin.conflicts.merge': ({ name, result }) => name === 'merges.merge' && isNoText(result),
  'admin.conflicts.undo': ({ name, result }) => name === 'merges.undo' && result === 'undone',
}

export const acknowledged: Invariant = {
  name: 'acknowledged',
  sentence: 'What a reply says is done has been done, for the caller and in this call.',
  sees: 'after',
  watch(_world, fail) {
    let recent: CommittedVerb[] = []
    return {
      committed(verb) {
        recent.push(verb)
        // A call takes no longer than the slowest WeChat.
        if (recent.length > 2_000) recent = recent.slice(-1_000)
      },
      served(call, result) {
        const matches = effects[call.path]
        if (matches === undefined || !('data' in result)) return
        const isShared = call.path === 'session.refresh'
        const since = call.startedAt - (isShared ? shared : 0)
        const isDone = recent.findLast(
          (verb) =>
            (isShared || verb.node === call.node) && verb.at >= since && matches(verb, call),
        )
        if (isDone === undefined) fail(`${call.path} was acknowledged, and nothing was done`)
      },
    }
  },
}
