export { createAvatarStore } from './account/avatars.ts'
export { createUserStore, prepareUsers } from './account/users.ts'
export {
  listUnenrolled,
  renewEnrolment,
  resetFactor,
  setAdministratorPassword,
} from './admin/administrators/commands.ts'
export { createRoleStore } from './admin/administrators/roles.ts'
export { separateAdministrators } from './admin/administrators/separate-administrators.ts'
export { createAuditReader } from './admin/audit/audit-reader.ts'
export { createMergeStore } from './admin/merges/merges.ts'
export { createStatisticsStore } from './admin/overview/statistics.ts'
export { createWechatCounter } from './admin/overview/wechat-counter.ts'
export { createPeopleStore } from './admin/people/people.ts'
export { createAdministratorStore } from './admin/sign-in/administrators.ts'
export { addAdministrator, hasAdministrator } from './admin/sign-in/new-administrator.ts'
export { type AuditStore, createAuditStore } from './audit/audit-log.ts'
export { openChain } from './audit/chain.ts'
export { findSealedKey, leaveChain } from './audit/chain-record.ts'
export { prepareInbox } from './audit/inbox.ts'
export { verifyAudit } from './audit/verify.ts'
export { type Database, openDatabase } from './database.ts'
export { createCodeStore } from './identity/codes.ts'
export { createIdentityStore } from './identity/identities.ts'
export { createTicketStore } from './identity/tickets.ts'
export { DatabaseOpenError, hasDatabase, requireDatabase } from './open-error.ts'
export { createLimitStore } from './rate-limit/limits.ts'
export { createSessionStore } from './session/sessions.ts'
