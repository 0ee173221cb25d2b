import type { AuditEvent } from '@mianmi/core'
import type { ServerCall, ServerResult } from '../world/server/service.ts'
import type { Invariant } from './invariant.ts'

/** What the audit log calls the procedures of the mini program. */
const actions: Readonly<Record<string, string>> = {
  miniLogin: 'sign_in',
  bind: 'bind',
  register: 'register',
  'session.signOut': 'sign_out',
  'session.revoke': 'session_revoke',
  'session.revokeOthers': 'session_revoke',
  'identity.unbind': 'unbind',
  'account.updateProfile': 'profile_change',
  'account.changePassword': 'password_change',
  'account.bindPhone': 'phone_change',
  'account.delete': 'account_delete',
  'openData.decrypt': 'open_data',
}
const signingIn = ['miniLogin', 'bind', 'register']

/** What an administrator changes: it waits for its line. */
const changes =
  /^admin\.(people\.(disable|enable|endSessions|unbind|resetSessionKey|remove|clear\w+|addNote)|conflicts\.(merge|undo)|administrators\.(add|remove|resetFactor))$/

const actionOf = (path: string): string | undefined =>
  actions[path] ?? (changes.test(path) ? path : undefined)

/** Reasons for which a call was not begun: its input or its token was refused. */
const notBegun = ['invalid_input', 'unauthenticated']

/** Whom a line has to be about; undefined where that is open. */
function subjectOf({ path, input, caller }: ServerCall, result: ServerResult): string | undefined {
  const { user } = ('data' in result ? (result.data ?? {}) : {}) as { user?: { id: string } }
  if (signingIn.includes(path)) return user?.id
  if (path.startsWith('admin.people.')) return (input as { userId?: string } | null)?.userId
  return caller?.user.id
}

function outcomeOf(result: ServerResult): string {
  if ('reason' in result) return result.reason
  const { status } = (result.data ?? {}) as { status?: string }
  return status === 'unbound' ? status : 'ok'
}

/** How many lines are kept at most. */
const [most, kept] = [2_000, 1_000]

export const leavesALine: Invariant = {
  name: 'leaves-a-line',
  sentence:
    'Each call that signs in or changes something leaves a line in the audit log, with its outcome and whom it was about, also where it is refused; and a change of an administrator one before it is done.',
  sees: 'after',
  watch({ timeline }, fail) {
    let lines: { readonly line: AuditEvent; readonly at: number }[] = []
    const find = (since: number, isFitting: (line: AuditEvent) => boolean): boolean =>
      lines.findLast(({ line, at }) => at >= since && isFitting(line)) !== undefined
    return {
      audited(line) {
        lines.push({ line, at: timeline.now })
        if (lines.length > most) lines = lines.slice(-kept)
      },
      served(call, result) {
        const action = actionOf(call.path)
        const outcome = outcomeOf(result)
        if (action === undefined || notBegun.includes(outcome)) return
        const isAdmin = call.path.startsWith('admin.')
        if (!isAdmin && !signingIn.includes(call.path) && call.caller === null) return
        const subject = subjectOf(call, result)
        const isOf = (line: AuditEvent): boolean =>
          line.action === action && line.origin?.address === call.address
        const isLeft = find(
          call.startedAt,
          (line) =>
            isOf(line) && line.outcome === outcome && (subject ?? line.userId) === line.userId,
        )
        if (!isLeft) fail(`${call.path} ended with ${outcome}, and the audit log has no line of it`)
        const wasBegun = (line: AuditEvent): boolean => isOf(line) && line.outcome === 'started'
        if (isAdmin && !find(call.startedAt, wasBegun))
          fail(`${call.path} was done before the audit log had a line of it`)
      },
    }
  },
}
