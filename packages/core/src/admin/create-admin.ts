import { adminVerbKinds } from '../audit/audit-kind.ts'
import { type AuditEvent, adminActions } from '../audit/audit-log.ts'
import { audited } from '../audit/audited.ts'
import type { AdminService, RefusedAdminCall } from './admin.ts'
import type { AdminPorts } from './admin-ports.ts'
import { manageAdministrators } from './administrators/manage-administrators.ts'
import { manageApps, namedApps } from './apps/apps.ts'
import { readAudit } from './audit/read-audit.ts'
import { mergePeople } from './merges/merge-people.ts'
import { overview } from './overview/read-overview.ts'
import { bulkVerbs } from './people/bulk.ts'
import { exportPeople } from './people/export-people.ts'
import { manageNotes } from './people/manage-notes.ts'
import { managePeople } from './people/manage-people.ts'
import { manageServiceKeys } from './service-keys/manage-service-keys.ts'
import type { AdminActor, AdminSignIn } from './sign-in/administrator.ts'
import { adminSignIn } from './sign-in/sign-in.ts'
import { manageWebhooks } from './webhooks/manage-webhooks.ts'

/**
 * Builds the admin service from its ports. Each call is audited under its verb.
 *
 * @example
 * const admin = createAdminService(ports)
 * const { token, next } = await admin.signIn({ account, password, browserToken, origin })
 */
export function createAdminService(ports: AdminPorts): AdminService {
  const verbs: AuditedVerbs = {
    currentAdministrator: async ({ administrator }) => ({ administrator, apps: namedApps(ports) }),
    ...overview(ports),
    ...manageApps(ports),
    ...managePeople(ports),
    ...manageNotes(ports),
    ...bulkVerbs(ports),
    ...exportPeople(ports),
    ...manageAdministrators(ports),
    ...mergePeople(ports),
    ...readAudit(ports),
    ...manageServiceKeys(ports),
    ...manageWebhooks(ports),
  }
  return {
    // The sign-in learns the administrator's id while it runs, so it writes its audit rows itself.
    ...adminSignIn(ports),
    ...auditEach(ports, verbs),
    noteRefusal: (call) => noteRefusal(ports, call),
  }
}

type AuditedVerbs = Omit<AdminService, keyof AdminSignIn | 'noteRefusal'>
type Input<V extends keyof AuditedVerbs> = Parameters<AuditedVerbs[V]>[1]

/** The user and the app that a call names. */
type AuditedSubject = Pick<AuditEvent, 'userId' | 'appId'>
const noSubject: AuditedSubject = { userId: null, appId: null }
const user = (userId: string): AuditedSubject => ({ userId, appId: null })

/** The user and the app that the input of each verb names. A verb that is missing here does not compile. */
const subjectOf: { [V in keyof AuditedVerbs]: (input: Input<V>) => AuditedSubject } = {
  currentAdministrator: () => noSubject,
  overview: () => noSubject,
  listPeople: ({ appId = null }) => ({ userId: null, appId }),
  exportPeople: ({ appId = null }) => ({ userId: null, appId }),
  exportPhones: ({ appId = null }) => ({ userId: null, appId }),
  previewBulk: () => noSubject,
  runBulk: () => noSubject,
  addNote: ({ userId }) => user(userId),
  removeNote: ({ userId }) => user(userId),
  viewPerson: user,
  disablePerson: user,
  enablePerson: user,
  endSessions: ({ userId }) => user(userId),
  unbindPerson: ({ userId, appId }) => ({ userId, appId }),
  resetSessionKey: ({ userId, appId }) => ({ userId, appId }),
  removePerson: ({ userId }) => user(userId),
  revealPhone: user,
  clearPassword: user,
  clearPhone: user,
  listAdministrators: () => noSubject,
  addAdministrator: () => noSubject,
  removeAdministrator: ({ userId }) => user(userId),
  resetAdministratorFactor: ({ userId }) => user(userId),
  listConflicts: () => noSubject,
  previewMerge: ({ keepUserId }) => user(keepUserId),
  merge: ({ keepUserId }) => user(keepUserId),
  listMerges: () => noSubject,
  undoMerge: () => noSubject,
  listAudit: ({ userId = null }) => ({ userId, appId: null }),
  countAudit: ({ userId = null }) => ({ userId, appId: null }),
  listApps: () => noSubject,
  testApp: (appId) => ({ userId: null, appId }),
  settings: () => noSubject,
  listServiceKeys: () => noSubject,
  createServiceKey: () => noSubject,
  rotateServiceKey: ({ id }) => user(id),
  revokeServiceKey: user,
  listWebhooks: () => noSubject,
  createWebhook: () => noSubject,
  updateWebhook: ({ id }) => user(id),
  rotateWebhookSecret: ({ id }) => user(id),
  removeWebhook: user,
  testWebhook: user,
  listDeadDeliveries: ({ webhookId = null }) => ({ userId: webhookId, appId: null }),
  replayDeliveries: (ref) => ('id' in ref ? noSubject : user(ref.webhookId)),
  discardDeliveries: (ref) => ('id' in ref ? noSubject : user(ref.webhookId)),
}

type Verb = (actor: AdminActor, input: never) => Promise<unknown>

/** When the line of a verb of each kind must be on disk. */
const waitsOf = { read: null, own: null, disclosure: 'after', change: 'before' } as const

/** Wraps each verb so that it records who did what to whom, and the outcome. */
function auditEach(ports: Pick<AdminPorts, 'audit' | 'now'>, verbs: AuditedVerbs): AuditedVerbs {
  const wrapped = Object.entries(verbs).map(([name, run]: [string, Verb]) => {
    const action = adminActions[name as keyof AuditedVerbs]
    const subject = subjectOf[name as keyof AuditedVerbs] as (input: never) => AuditedSubject
    const waits = waitsOf[adminVerbKinds[name as keyof AuditedVerbs]]
    const verb: Verb = ({ administrator, origin }, input) =>
      audited(
        ports,
        { action, origin, waits, adminId: administrator.id, ...subject(input) },
        (note) => run({ administrator, origin, note }, input),
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
