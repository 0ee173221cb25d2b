import { type AuditEvent, adminActions } from '../audit/audit-log.ts'
import { audited } from '../audit/audited.ts'
import type { AdminService, RefusedAdminCall } from './admin.ts'
import type { AdminPorts } from './admin-ports.ts'
import { manageApps } from './apps/apps.ts'
import { readAudit } from './audit/read-audit.ts'
import { mergePeople } from './merges/merge-people.ts'
import { overview } from './overview/read-overview.ts'
import { managePeople } from './people/manage-people.ts'
import type { AdminActor, AdminSignIn } from './sign-in/administrator.ts'
import { adminSignIn } from './sign-in/sign-in.ts'

/** What administrators do, over one set of ports. Each call is audited under its verb. */
export function createAdminService(ports: AdminPorts): AdminService {
  const acts: AuditedVerbs = {
    currentAdministrator: async ({ administrator }) => administrator,
    ...overview(ports),
    ...manageApps(ports),
    ...managePeople(ports),
    ...mergePeople(ports),
    ...readAudit(ports),
  }
  return {
    // The sign-in knows only as it goes who is signing in, so it writes its lines itself.
    ...adminSignIn(ports),
    ...written(ports, acts),
    noteRefusal: (call) => noteRefusal(ports, call),
  }
}

type AuditedVerbs = Omit<AdminService, keyof AdminSignIn | 'noteRefusal'>
type Input<V extends keyof AuditedVerbs> = Parameters<AuditedVerbs[V]>[1]

/** Whom and which app a call names. */
type AuditedSubject = Pick<AuditEvent, 'userId' | 'appId'>
const nobody: AuditedSubject = { userId: null, appId: null }
const user = (userId: string): AuditedSubject => ({ userId, appId: null })

/** Whom the input of each verb names. A verb that is missing here does not compile. */
const namedBy: { [V in keyof AuditedVerbs]: (input: Input<V>) => AuditedSubject } = {
  currentAdministrator: () => nobody,
  overview: () => nobody,
  listPeople: ({ appId = null }) => ({ userId: null, appId }),
  viewPerson: user,
  disablePerson: user,
  enablePerson: user,
  endSessions: ({ userId }) => user(userId),
  unbindPerson: ({ userId, appId }) => ({ userId, appId }),
  resetSessionKey: ({ userId, appId }) => ({ userId, appId }),
  removePerson: ({ userId }) => user(userId),
  revealPhone: user,
  listConflicts: () => nobody,
  previewMerge: ({ keepUserId }) => user(keepUserId),
  merge: ({ keepUserId }) => user(keepUserId),
  listMerges: () => nobody,
  undoMerge: () => nobody,
  listAudit: ({ userId = null }) => ({ userId, appId: null }),
  countAudit: ({ userId = null }) => ({ userId, appId: null }),
  listApps: () => nobody,
  testApp: (appId) => ({ userId: null, appId }),
  settings: () => nobody,
}

type Verb = (actor: AdminActor, input: never) => Promise<unknown>

/** The same verbs, each of which writes down who did what to whom, and how it ended. */
function written(ports: Pick<AdminPorts, 'audit' | 'now'>, acts: AuditedVerbs): AuditedVerbs {
  const wrapped = Object.entries(acts).map(([name, run]: [string, Verb]) => {
    const action = adminActions[name as keyof AuditedVerbs]
    const named = namedBy[name as keyof AuditedVerbs] as (input: never) => AuditedSubject
    const verb: Verb = ({ administrator, origin }, input) =>
      audited(ports, { action, origin, adminId: administrator.id, ...named(input) }, () =>
        run({ administrator, origin }, input),
      )
    return [name, verb]
  })
  return Object.fromEntries(wrapped) as AuditedVerbs
}

function noteRefusal(ports: Pick<AdminPorts, 'audit' | 'now'>, call: RefusedAdminCall): void {
  const { verb, reason: outcome, adminId, userId, origin } = call
  const action = adminActions[verb]
  ports.audit.record({ at: ports.now(), action, outcome, adminId, userId, appId: null, origin })
}
