import type { AdminVerb } from '@mianmi/core/admin'

/**
 * The verb under which a call of each procedure is audited. `router.ts` checks that every path of the admin router
 * is listed; a path that is missing here does not compile.
 */
export const auditVerbs = {
  'account.signIn': 'signIn',
  'account.enrol': 'enrol',
  'account.proveCode': 'proveCode',
  'account.current': 'currentAdministrator',
  'account.signOut': 'signOut',
  'account.renewRecoveryCodes': 'renewRecoveryCodes',
  'account.changePassword': 'changePassword',
  overview: 'overview',
  'people.list': 'listPeople',
  'people.export': 'exportPeople',
  'people.exportPhones': 'exportPhones',
  'people.previewBulk': 'previewBulk',
  'people.bulk': 'runBulk',
  'people.addNote': 'addNote',
  'people.removeNote': 'removeNote',
  'people.view': 'viewPerson',
  'people.disable': 'disablePerson',
  'people.enable': 'enablePerson',
  'people.endSessions': 'endSessions',
  'people.unbind': 'unbindPerson',
  'people.resetSessionKey': 'resetSessionKey',
  'people.remove': 'removePerson',
  'people.revealPhone': 'revealPhone',
  'people.clearPassword': 'clearPassword',
  'people.clearPhone': 'clearPhone',
  'administrators.list': 'listAdministrators',
  'administrators.add': 'addAdministrator',
  'administrators.remove': 'removeAdministrator',
  'administrators.resetFactor': 'resetAdministratorFactor',
  'conflicts.list': 'listConflicts',
  'conflicts.preview': 'previewMerge',
  'conflicts.merge': 'merge',
  'conflicts.merges': 'listMerges',
  'conflicts.undo': 'undoMerge',
  'audit.list': 'listAudit',
  'audit.count': 'countAudit',
  'apps.list': 'listApps',
  'apps.test': 'testApp',
  'serviceKeys.list': 'listServiceKeys',
  'serviceKeys.create': 'createServiceKey',
  'serviceKeys.rotate': 'rotateServiceKey',
  'serviceKeys.revoke': 'revokeServiceKey',
  'webhooks.list': 'listWebhooks',
  'webhooks.create': 'createWebhook',
  'webhooks.update': 'updateWebhook',
  'webhooks.rotateSecret': 'rotateWebhookSecret',
  'webhooks.remove': 'removeWebhook',
  'webhooks.test': 'testWebhook',
  'webhooks.deliveries': 'listDeadDeliveries',
  'webhooks.replay': 'replayDeliveries',
  'webhooks.discard': 'discardDeliveries',
  settings: 'settings',
} as const satisfies Readonly<Record<string, AdminVerb>>

/**
 * The verb under which a call of this path is audited.
 *
 * @throws Error for a path that the admin router does not have
 */
export function auditVerbOf(path: string): AdminVerb {
  const verb = (auditVerbs as Readonly<Record<string, AdminVerb>>)[path]
  if (verb === undefined) throw new Error(`no audit verb for the procedure ${path}`)
  return verb
}
