import { type AuditAction, type AuditEvent, auditActions } from '../guard/audit-log.ts'
import { audited } from '../guard/audited.ts'
import { readAudit } from './audit/read-audit.ts'
import type { Desk, TurnedAway } from './desk.ts'
import type { DeskPorts } from './desk-ports.ts'
import type { ByOperator, OperatorSignIn } from './operator.ts'
import { mergePeople } from './people/merge.ts'
import { managePeople } from './people/people.ts'
import { serviceDesk } from './service/apps.ts'
import { overview } from './service/overview.ts'
import { operatorSignIn } from './sign-in/sign-in.ts'

/** What operators do, over one set of ports. Each call is in the audit log under its procedure's name. */
export function createDesk(ports: DeskPorts): Desk {
  const acts: Acts = {
    currentOperator: async ({ operator }) => operator,
    ...overview(ports),
    ...serviceDesk(ports),
    ...managePeople(ports),
    ...mergePeople(ports),
    ...readAudit(ports),
  }
  return {
    // The sign-in knows only as it goes who is signing in, so it writes its lines itself.
    ...operatorSignIn(ports),
    ...written(ports, acts),
    noteRefusal: (call) => noteRefusal(ports, call),
  }
}

type Acts = Omit<Desk, keyof OperatorSignIn | 'noteRefusal'>
type Input<V extends keyof Acts> = Parameters<Acts[V]>[1]

/** Whom and which app a call names. */
type Named = Pick<AuditEvent, 'userId' | 'appId'>
const nobody: Named = { userId: null, appId: null }
const user = (userId: string): Named => ({ userId, appId: null })

/** The procedure of each verb, and whom its input names. A verb that is missing here does not compile. */
const lines: { [V in keyof Acts]: [AuditAction, (input: Input<V>) => Named] } = {
  currentOperator: ['admin.operator.current', () => nobody],
  overview: ['admin.overview', () => nobody],
  listPeople: ['admin.people.list', ({ appId = null }) => ({ userId: null, appId })],
  viewPerson: ['admin.people.view', user],
  disablePerson: ['admin.people.disable', user],
  enablePerson: ['admin.people.enable', user],
  endSessions: ['admin.people.endSessions', ({ userId }) => user(userId)],
  unbindPerson: ['admin.people.unbind', ({ userId, appId }) => ({ userId, appId })],
  resetSessionKey: ['admin.people.resetSessionKey', ({ userId, appId }) => ({ userId, appId })],
  removePerson: ['admin.people.remove', ({ userId }) => user(userId)],
  revealPhone: ['admin.people.revealPhone', user],
  listConflicts: ['admin.conflicts.list', () => nobody],
  previewMerge: ['admin.conflicts.preview', ({ keepUserId }) => user(keepUserId)],
  merge: ['admin.conflicts.merge', ({ keepUserId }) => user(keepUserId)],
  listMerges: ['admin.conflicts.merges', () => nobody],
  undoMerge: ['admin.conflicts.undo', () => nobody],
  listAudit: ['admin.audit.list', ({ userId = null }) => ({ userId, appId: null })],
  countAudit: ['admin.audit.count', ({ userId = null }) => ({ userId, appId: null })],
  listApps: ['admin.apps.list', () => nobody],
  testApp: ['admin.apps.test', (appId) => ({ userId: null, appId })],
  settings: ['admin.settings', () => nobody],
}

type Verb = (by: ByOperator, input: never) => Promise<unknown>

/** The same verbs, each of which writes down who did what to whom, and how it ended. */
function written(ports: DeskPorts, acts: Acts): Acts {
  const wrapped = Object.entries(acts).map(([name, run]: [string, Verb]) => {
    const [action, namedBy] = lines[name as keyof Acts] as [AuditAction, (input: never) => Named]
    const verb: Verb = ({ operator, origin }, input) =>
      audited(ports, { action, origin, operatorId: operator.id, ...namedBy(input) }, () =>
        run({ operator, origin }, input),
      )
    return [name, verb]
  })
  return Object.fromEntries(wrapped) as Acts
}

function noteRefusal(ports: DeskPorts, call: TurnedAway): void {
  const { procedure, reason: outcome, operatorId, userId, origin } = call
  const action = auditActions.find((name) => name === procedure)
  if (action === undefined) return
  ports.audit.record({ at: ports.now(), action, outcome, operatorId, userId, appId: null, origin })
}
