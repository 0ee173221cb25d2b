import { type AdminVerb, type AuditAction, adminActions, serviceActions } from './audit-log.ts'

/**
 * What a verb of the admin service does, which decides when its line is written. A verb that is missing here does
 * not compile.
 *
 * - `read`: it shows something. Its line follows the reply.
 * - `disclosure`: it shows what no other verb shows. Nothing is shown before its line is on disk.
 * - `own`: it changes the sign-in of the administrator who calls it. Its line follows the reply.
 * - `change`: it changes the account of another person. Nothing is changed before a line `started` is on disk.
 */
export const adminVerbKinds: Readonly<Record<AdminVerb, 'read' | 'disclosure' | 'own' | 'change'>> =
  {
    signIn: 'own',
    enrol: 'own',
    proveCode: 'own',
    currentAdministrator: 'read',
    signOut: 'own',
    renewRecoveryCodes: 'own',
    changePassword: 'own',
    overview: 'read',
    listPeople: 'read',
    exportPeople: 'disclosure',
    exportPhones: 'disclosure',
    previewBulk: 'read',
    runBulk: 'change',
    addNote: 'change',
    removeNote: 'change',
    viewPerson: 'read',
    disablePerson: 'change',
    enablePerson: 'change',
    endSessions: 'change',
    unbindPerson: 'change',
    resetSessionKey: 'change',
    removePerson: 'change',
    revealPhone: 'disclosure',
    clearPassword: 'change',
    clearPhone: 'change',
    listAdministrators: 'read',
    addAdministrator: 'change',
    removeAdministrator: 'change',
    resetAdministratorFactor: 'change',
    listConflicts: 'read',
    previewMerge: 'read',
    merge: 'change',
    listMerges: 'read',
    undoMerge: 'change',
    // The console's export reads all its pages by these two.
    listAudit: 'disclosure',
    countAudit: 'disclosure',
    listApps: 'read',
    testApp: 'read',
    settings: 'read',
    listServiceKeys: 'read',
    createServiceKey: 'change',
    rotateServiceKey: 'change',
    revokeServiceKey: 'change',
    listWebhooks: 'read',
    createWebhook: 'change',
    updateWebhook: 'change',
    rotateWebhookSecret: 'change',
    removeWebhook: 'change',
    testWebhook: 'change',
    listDeadDeliveries: 'read',
    replayDeliveries: 'change',
    discardDeliveries: 'change',
  }

/** Whether an action changes something or only reads. The console shows the two apart. */
export type AuditKind = 'change' | 'read'

const adminVerbs = Object.keys(adminActions) as AdminVerb[]
const readActions: ReadonlySet<string> = new Set<AuditAction>([
  'open_data',
  serviceActions.viewUser,
  serviceActions.readIdentities,
  serviceActions.readPhone,
  ...adminVerbs
    .filter((verb) => adminVerbKinds[verb] === 'read' || adminVerbKinds[verb] === 'disclosure')
    .map((verb) => adminActions[verb]),
])

/** The kind of an action; `change` for one that another version of the service wrote. */
export function auditKindOf(action: string): AuditKind {
  return readActions.has(action) ? 'read' : 'change'
}
