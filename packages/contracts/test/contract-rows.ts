/**
 * Everything that crosses the wire, written out. A difference here is a change of the contract: clients in the field
 * must be able to live with it.
 */

const none = '{}'
const iso = 'text date-time'
/** Milliseconds on their way in, ISO 8601 on the wire. */
const ms = 'transformed number'
const count = 'count: nullable { value: int, isExact: boolean }'
const dayCount =
  '{ day: text, signIns: int, newUsers: int, bound: int, unbound: int, refused: int }'
const textOrNull = 'nullable text'
const webhookEvent = [
  'user.created',
  'user.updated',
  'user.disabled',
  'user.enabled',
  'user.deleted',
  'user.merged',
  'user.unmerged',
  'identity.bound',
  'identity.unbound',
  'session.ended',
]
  .map((name) => `"${name}"`)
  .join('|')
const boundBy = '"register"|"password"|"phone"|"unionid"|"admin"|"unknown"'
const user = `{ id: text, account: ${textOrNull}, phone: ${textOrNull}, nickname: ${textOrNull}, avatarUrl: ${textOrNull}, role: "user"|"admin", createdAt: ${iso} }`
const tokens = `{ accessToken: text, accessTokenExpiresAt: ${iso}, refreshToken: text, refreshTokenExpiresAt: ${iso} }`
const signedIn = `{ status: "signedIn", tokens: ${tokens}, user: ${user}, newUser: boolean }`
const proof = 'strict { ticket: text 1..128 } | strict { appId: text 1..64, code: text 1..256 }'
const reason = [
  'invalid_input',
  'method_not_allowed',
  'unsupported_media_type',
  'code_rejected',
  'code_used',
  'user_blocked',
  'app_unknown',
  'wechat_rate_limited',
  'wechat_unavailable',
  'wechat_misconfigured',
  'ticket_rejected',
  'credential_rejected',
  'phone_rejected',
  'identity_taken',
  'account_taken',
  'last_credential',
  'user_disabled',
  'proof_required',
  'unauthenticated',
  'forbidden',
  'not_found',
  'data_rejected',
  'rate_limited',
  'overloaded',
  'internal',
]
  .map((each) => `"${each}"`)
  .join('|')

export type Row = readonly [path: string, kind: string, input: string | null, output: string]

export const app: readonly Row[] = [
  [
    'miniLogin',
    'mutation',
    'strict { appId: text 1..64, code: text 1..256 }',
    `${signedIn} | { status: "unbound", ticket: text, ticketExpiresAt: ${iso} }`,
  ],
  [
    'bind',
    'mutation',
    `strict { proof: ${proof}, credential: strict { type: "password", account: text 1..64, password: text 1..128 } | strict { type: "phone", code: text 1..256 } }`,
    signedIn,
  ],
  [
    'register',
    'mutation',
    `strict { proof: ${proof}, account: text 3..64 /^[\\p{L}\\p{M}\\p{N}._@+-]+$/u, password: text 8..128 }`,
    signedIn,
  ],
  [
    'me',
    'query',
    null,
    `{ user: ${user}, session: { id: text, appId: text, createdAt: ${iso}, expiresAt: ${iso} } }`,
  ],
  ['session.refresh', 'mutation', 'strict { refreshToken: text 1..1024 }', tokens],
  ['session.signOut', 'mutation', null, none],
  [
    'session.list',
    'query',
    null,
    `{ sessions: ({ id: text, appId: text, current: boolean, createdAt: ${iso}, lastSeenAt: ${iso}, device: ${textOrNull} })[] }`,
  ],
  ['session.revoke', 'mutation', 'strict { sessionId: text 1..64 }', none],
  ['session.revokeOthers', 'mutation', null, '{ revoked: int }'],
  [
    'identity.list',
    'query',
    null,
    `{ identities: ({ appId: text, boundAt: ${iso}, current: boolean, boundBy: ${boundBy}, lastSeenAt: ${iso}, device: ${textOrNull} })[] }`,
  ],
  [
    'identity.unbind',
    'mutation',
    'strict { appId: text 1..64, everywhere: optional boolean }',
    none,
  ],
  [
    'account.updateProfile',
    'mutation',
    `strict { nickname: optional ${textOrNull} trimmed 1..32, avatarUrl: optional ${textOrNull} url /^https$/ ..1024 }`,
    `{ user: ${user} }`,
  ],
  [
    'account.setAvatar',
    'mutation',
    'strict { image: text 1..54616 /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/ }',
    `{ user: ${user} }`,
  ],
  [
    'account.changePassword',
    'mutation',
    'strict { currentPassword: text 1..128, newPassword: text 8..128 } | strict { code: optional text 1..256, newPassword: text 8..128, account: optional text 3..64 /^[\\p{L}\\p{M}\\p{N}._@+-]+$/u }',
    none,
  ],
  ['account.bindPhone', 'mutation', 'strict { code: text 1..256 }', `{ user: ${user} }`],
  ['account.delete', 'mutation', 'strict { confirm: true, code: optional text 1..256 }', none],
  [
    'openData.decrypt',
    'mutation',
    'strict { encryptedData: text 1..32768, iv: text 1..64 }',
    '{ data: record of unknown }',
  ],
]

const mergeInput =
  'strict { unionid: text 1..64, firstUserId: text 1..64, secondUserId: text 1..64, keepUserId: text 1..64 }'
const personKeys = `id: text, account: ${textOrNull}, phone: ${textOrNull}, nickname: ${textOrNull}, avatarUrl: ${textOrNull}, role: "user"|"admin", createdAt: ${ms}, disabledAt: nullable ${ms}, externalId: ${textOrNull}, lastSeenAt: nullable ${ms}, appIds: (text)[]`
const person = `{ ${personKeys} }`
const identity = `{ appId: text, openid: text, unionid: ${textOrNull}, boundAt: ${ms}, boundBy: ${boundBy}, lastSeenAt: ${ms}, device: ${textOrNull} }`
const auditLine = `transformed { id: int, at: ${ms}, action: text, outcome: text, userId: ${textOrNull}, adminId: optional ${textOrNull}, appId: ${textOrNull}, address: ${textOrNull}, device: ${textOrNull}, count: int, userName: ${textOrNull}, adminName: ${textOrNull} }`
const note = `transformed { id: text, at: ${ms}, adminId: ${textOrNull}, adminName: ${textOrNull}, text: text }`
const peopleFilter =
  'search: optional text trimmed 1..255, status: optional "active"|"disabled", role: optional "user"|"admin", appId: optional text 1..64, cursor: optional text 1..4096'
const bulk =
  '{ people: int, sessions: int, skipped: ({ userId: text, why: "not_found"|"administrator"|"disabled"|"no_sessions" })[] }'
const merge = `transformed { id: text, mergedAt: ${ms}, undoUntil: ${ms}, undoneAt: nullable ${ms}, kept: { id: text, name: ${textOrNull} }, gone: { id: text, name: ${textOrNull} }, adminId: text, adminName: ${textOrNull} }`
const scope =
  '"introspect"|"users:read"|"identities:read"|"phones:read"|"users:write"|"sessions:end"'
const action = [
  'sign_in',
  'bind',
  'register',
  'refresh_reuse',
  'sign_out',
  'session_revoke',
  'unbind',
  'unionid_change',
  'profile_change',
  'password_change',
  'phone_change',
  'account_delete',
  'open_data',
  'sign_up',
  'identity_link',
  'phone_moved',
  'user_absorbed',
  'refresh',
  'refused_calls',
  'system.firstAdministrator',
  'system.administratorSeparated',
  'system.keys',
  'system.auditRestart',
  'command.create',
  'command.resetTotp',
  'command.setPassword',
  'command.migrate',
  'command.reseal',
  'command.import',
  'command.export',
  'command.exportPhones',
  'command.moveTo',
  'command.restore',
  'command.serviceKeyCreate',
  'command.serviceKeyRotate',
  'command.serviceKeyRevoke',
  'command.webhookCreate',
  'command.webhookRotate',
  'command.webhookRemove',
  'admin.operator.signIn',
  'admin.operator.enrol',
  'admin.operator.proveCode',
  'admin.operator.current',
  'admin.operator.signOut',
  'admin.operator.renewRecoveryCodes',
  'admin.operator.changePassword',
  'admin.overview',
  'admin.people.list',
  'admin.people.export',
  'admin.people.exportPhones',
  'admin.people.previewBulk',
  'admin.people.bulk',
  'admin.people.addNote',
  'admin.people.removeNote',
  'admin.people.view',
  'admin.people.disable',
  'admin.people.enable',
  'admin.people.endSessions',
  'admin.people.unbind',
  'admin.people.resetSessionKey',
  'admin.people.remove',
  'admin.people.revealPhone',
  'admin.people.clearPassword',
  'admin.people.clearPhone',
  'admin.administrators.list',
  'admin.administrators.add',
  'admin.administrators.remove',
  'admin.administrators.resetFactor',
  'admin.conflicts.list',
  'admin.conflicts.preview',
  'admin.conflicts.merge',
  'admin.conflicts.merges',
  'admin.conflicts.undo',
  'admin.audit.list',
  'admin.audit.count',
  'admin.apps.list',
  'admin.apps.test',
  'admin.settings',
  'admin.serviceKeys.list',
  'admin.serviceKeys.create',
  'admin.serviceKeys.rotate',
  'admin.serviceKeys.revoke',
  'admin.webhooks.list',
  'admin.webhooks.create',
  'admin.webhooks.update',
  'admin.webhooks.rotateSecret',
  'admin.webhooks.remove',
  'admin.webhooks.test',
  'admin.webhooks.deliveries',
  'admin.webhooks.replay',
  'admin.webhooks.discard',
  'service.authenticate',
  'service.users.read',
  'service.identities.read',
  'service.phones.read',
  'service.users.write',
  'service.sessions.end',
]
  .map((each) => `"${each}"`)
  .join('|')

export const admin: readonly Row[] = [
  [
    'account.signIn',
    'mutation',
    'strict { account: text 1..64, password: text 1..128 }',
    '{ next: "enrol"|"code" }',
  ],
  [
    'account.enrol',
    'mutation',
    'strict { enrolmentCode: text trimmed 1..64 }',
    '{ secret: text, uri: text }',
  ],
  [
    'account.proveCode',
    'mutation',
    'strict { code: text trimmed 6..32 }',
    '{ recoveryCodes: (text)[] }',
  ],
  [
    'account.current',
    'query',
    null,
    `{ operator: { id: text, account: text, nickname: ${textOrNull}, signedInAt: ${ms}, expiresAt: ${ms}, idleTtl: number, recoveryCodesLeft: int }, apps: ({ appId: text, name: ${textOrNull} })[] }`,
  ],
  ['account.signOut', 'mutation', null, none],
  [
    'account.renewRecoveryCodes',
    'mutation',
    'strict { code: text trimmed 6..32 }',
    '{ recoveryCodes: (text)[] }',
  ],
  [
    'account.changePassword',
    'mutation',
    'strict { code: text trimmed 6..32, currentPassword: text 1..128, newPassword: text 8..128 }',
    none,
  ],
  [
    'overview',
    'query',
    'strict { days: int 1..90 = 14 } | strict { from: text date, to: text date }',
    `{ today: ${dayCount}, yesterday: ${dayCount}, days: (${dayCount})[], refusals: ({ reason: ${reason}, count: int })[], wechat: ({ appId: text, api: text, errcode: nullable int, count: int, meanMs: number, maxMs: number })[], quota: ({ appId: text, api: text, used: int, limit: nullable int })[], totals: { users: int, disabled: int, identities: int, sessions: int, conflicts: int }, health: { startedAt: ${ms}, version: text, node: text, eventLoopP99Ms: number, heapBytes: number, rssBytes: number, databaseBytes: nullable number } }`,
  ],
  [
    'people.list',
    'query',
    'strict { search: optional text trimmed 1..255, status: optional "active"|"disabled", role: optional "user"|"admin", appId: optional text 1..64, cursor: optional text 1..4096, sort: optional "newest"|"oldest"|"account", limit: int 1..100 = 20 }',
    `{ items: (${person})[], next: ${textOrNull}, ${count} }`,
  ],
  [
    'people.export',
    'query',
    `strict { ${peopleFilter}, limit: int 1..500 = 500 }`,
    `{ items: (${person})[], next: ${textOrNull} }`,
  ],
  [
    'people.exportPhones',
    'mutation',
    `strict { ${peopleFilter}, limit: int 1..500 = 500 }`,
    `{ items: (${person})[], next: ${textOrNull} }`,
  ],
  [
    'people.previewBulk',
    'query',
    'strict { action: "disable"|"endSessions", userIds: (text 1..64)[] }',
    bulk,
  ],
  [
    'people.bulk',
    'mutation',
    'strict { action: "disable"|"endSessions", userIds: (text 1..64)[], reason: text trimmed 1..500 }',
    bulk,
  ],
  [
    'people.addNote',
    'mutation',
    'strict { userId: text 1..64, text: text trimmed 1..500 }',
    `{ note: ${note} }`,
  ],
  ['people.removeNote', 'mutation', 'strict { userId: text 1..64, noteId: text 1..64 }', none],
  [
    'people.view',
    'query',
    'strict { userId: text 1..64 }',
    `{ person: { ${personKeys}, hasPassword: boolean }, identities: (${identity})[], sessions: ({ id: text, appId: text, device: ${textOrNull}, createdAt: ${ms}, lastSeenAt: ${ms}, expiresAt: ${ms} })[], notes: (${note})[], history: (${auditLine})[] }`,
  ],
  ['people.disable', 'mutation', 'strict { userId: text 1..64 }', none],
  ['people.enable', 'mutation', 'strict { userId: text 1..64 }', none],
  [
    'people.endSessions',
    'mutation',
    'strict { userId: text 1..64, sessionId: optional text 1..64 }',
    '{ ended: int }',
  ],
  [
    'people.unbind',
    'mutation',
    'strict { userId: text 1..64, appId: text 1..64, everywhere: optional boolean }',
    none,
  ],
  ['people.resetSessionKey', 'mutation', 'strict { userId: text 1..64, appId: text 1..64 }', none],
  ['people.remove', 'mutation', 'strict { userId: text 1..64, confirm: text 1..2048 }', none],
  ['people.revealPhone', 'mutation', 'strict { userId: text 1..64 }', `{ phone: ${textOrNull} }`],
  ['people.clearPassword', 'mutation', 'strict { userId: text 1..64 }', '{ canSignIn: boolean }'],
  ['people.clearPhone', 'mutation', 'strict { userId: text 1..64 }', '{ canSignIn: boolean }'],
  [
    'administrators.list',
    'query',
    null,
    `{ administrators: ({ id: text, account: ${textOrNull}, createdAt: ${ms}, disabledAt: nullable ${ms}, lastSeenAt: nullable ${ms}, hasSecondFactor: boolean, enrolmentExpiresAt: nullable ${ms} })[] }`,
  ],
  [
    'administrators.add',
    'mutation',
    `strict { code: text trimmed 6..32, account: text 3..64 /^[\\p{L}\\p{M}\\p{N}._@+-]+$/u, password: text 8..128 }`,
    `{ enrolmentCode: text, enrolmentCodeExpiresAt: ${ms}, id: text }`,
  ],
  [
    'administrators.remove',
    'mutation',
    'strict { code: text trimmed 6..32, userId: text 1..64 }',
    none,
  ],
  [
    'administrators.resetFactor',
    'mutation',
    'strict { code: text trimmed 6..32, userId: text 1..64 }',
    `{ enrolmentCode: text, enrolmentCodeExpiresAt: ${ms} }`,
  ],
  [
    'conflicts.list',
    'query',
    'strict { cursor: optional text 1..4096, limit: int 1..100 = 20 }',
    `{ items: ({ unionid: text, detectedAt: ${ms}, first: ${person}, second: ${person} })[], next: ${textOrNull}, ${count} }`,
  ],
  [
    'conflicts.preview',
    'query',
    mergeInput,
    `{ kept: ${person}, gone: ${person}, moves: { identities: (${identity})[], account: ${textOrNull}, password: boolean, phone: ${textOrNull}, nickname: ${textOrNull}, avatarUrl: ${textOrNull}, externalId: ${textOrNull} }, stays: { identities: (${identity})[], account: ${textOrNull}, phone: ${textOrNull}, nickname: ${textOrNull}, externalId: ${textOrNull} }, endedSessions: int }`,
  ],
  ['conflicts.merge', 'mutation', mergeInput, `{ merge: ${merge} }`],
  ['conflicts.merges', 'query', null, `{ merges: (${merge})[] }`],
  ['conflicts.undo', 'mutation', 'strict { mergeId: text 1..64 }', none],
  [
    'audit.list',
    'query',
    `strict { from: optional text datetime, to: optional text datetime, action: optional ${action}, outcome: optional "ok"|"unbound"|"started"|${reason}, kind: optional "change"|"read", userId: optional text 1..64, operatorId: optional text 1..64, cursor: optional text 1..4096, limit: int 1..500 = 50 }`,
    `{ items: (${auditLine})[], next: ${textOrNull} }`,
  ],
  [
    'audit.count',
    'query',
    `strict { from: optional text datetime, to: optional text datetime, action: optional ${action}, outcome: optional "ok"|"unbound"|"started"|${reason}, kind: optional "change"|"read", userId: optional text 1..64, operatorId: optional text 1..64 }`,
    '{ count: int }',
  ],
  [
    'apps.list',
    'query',
    null,
    `{ apps: ({ appId: text, identities: int, signInsToday: int, lastSignInAt: nullable ${ms} })[] }`,
  ],
  [
    'apps.test',
    'mutation',
    'strict { appId: text 1..64 }',
    `{ finding: "ok"|"appid_rejected"|"secret_rejected"|"address_not_allowed"|"quota_used_up"|"busy"|"unreachable"|"unexpected", errcode: nullable int, address: ${textOrNull}, durationMs: number }`,
  ],
  [
    'serviceKeys.list',
    'query',
    null,
    `{ keys: ({ id: text, name: text, scopes: (${scope})[], createdAt: ${ms}, createdBy: ${textOrNull}, creatorName: ${textOrNull}, revokedAt: nullable ${ms}, secrets: ({ createdAt: ${ms}, expiresAt: nullable ${ms}, lastUsedAt: nullable ${ms} })[] })[] }`,
  ],
  [
    'serviceKeys.create',
    'mutation',
    `strict { code: text trimmed 6..32, name: text 1..64, scopes: (${scope})[] }`,
    '{ id: text, key: text }',
  ],
  [
    'serviceKeys.rotate',
    'mutation',
    'strict { code: text trimmed 6..32, keyId: text 1..64, overlapHours: optional int 0..720 }',
    `{ key: text, previousUntil: ${ms} }`,
  ],
  ['serviceKeys.revoke', 'mutation', 'strict { keyId: text 1..64 }', none],
  [
    'webhooks.list',
    'query',
    null,
    `{ webhooks: ({ id: text, url: text, events: (${webhookEvent})[], createdAt: ${ms}, createdBy: ${textOrNull}, disabledAt: nullable ${ms}, disabledReason: nullable "administrator"|"gone", previousSecretUntil: nullable ${ms}, pending: int, oldestPendingAt: nullable ${ms}, lastError: ${textOrNull}, dead: int })[], waiting: int, unreadable: int }`,
  ],
  [
    'webhooks.create',
    'mutation',
    `strict { code: text trimmed 6..32, url: text 1..2048, events: (${webhookEvent})[] }`,
    '{ id: text, secret: text }',
  ],
  [
    'webhooks.update',
    'mutation',
    `strict { code: text trimmed 6..32, webhookId: text 1..64, url: optional text 1..2048, events: optional (${webhookEvent})[], enabled: optional boolean }`,
    none,
  ],
  [
    'webhooks.rotateSecret',
    'mutation',
    'strict { code: text trimmed 6..32, webhookId: text 1..64, overlapHours: optional int 0..720 }',
    `{ secret: text, previousUntil: ${ms} }`,
  ],
  ['webhooks.remove', 'mutation', 'strict { webhookId: text 1..64 }', none],
  ['webhooks.test', 'mutation', 'strict { webhookId: text 1..64 }', none],
  [
    'webhooks.deliveries',
    'query',
    'strict { webhookId: optional text 1..64, cursor: optional text 1..4096, limit: int 1..100 = 20 }',
    `{ items: ({ id: text, webhookId: text, eventId: text, type: ${webhookEvent}|"webhook.test", userId: ${textOrNull}, occurredAt: ${ms}, attempts: int, error: text, deadAt: ${ms} })[], next: ${textOrNull} }`,
  ],
  [
    'webhooks.replay',
    'mutation',
    'strict { deliveryId: text 1..64 } | strict { webhookId: text 1..64 }',
    '{ replayed: int }',
  ],
  [
    'webhooks.discard',
    'mutation',
    'strict { deliveryId: text 1..64 } | strict { webhookId: text 1..64 }',
    '{ discarded: int }',
  ],
  [
    'settings',
    'query',
    null,
    `{ settings: ({ name: text, value: ${textOrNull}, secret: boolean, isDefault: boolean })[] }`,
  ],
]

export const rest: readonly (readonly [name: string, shape: string])[] = [
  [
    'bindBody',
    'strict { ticket: text 1..128, account: text 1..64, password: text 1..128 } | strict { ticket: text 1..128, phoneCode: text 1..256 } | strict { appId: optional text 1..64, code: text 1..256, account: text 1..64, password: text 1..128 } | strict { appId: optional text 1..64, code: text 1..256, phoneCode: text 1..256 }',
  ],
  ['emptyData', none],
  ['miniLoginBody', 'strict { appId: optional text 1..64, code: text 1..256 }'],
  ['emptyBody', 'optional strict {}'],
  ['refreshBody', 'strict { refreshToken: text 1..1024 }'],
  [
    'refused',
    `{ success: false, code: int 400..599, message: text, datetime: text datetime, traceId: text, data: { reason: ${reason}, retryAfter: optional int above 0.. } }`,
  ],
  ['renewedData', '{ sid: text, refreshToken: text }'],
  [
    'signInData',
    `{ sid: ${textOrNull}, refreshToken: ${textOrNull}, openId: ${textOrNull}, unionId: ${textOrNull}, userId: ${textOrNull}, needVerify: boolean, ticket: ${textOrNull}, newUser: boolean }`,
  ],
  ['userData', user],
]
