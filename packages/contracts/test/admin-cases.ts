/** A call of each procedure of the admin router: what its verb must get, and what comes back. */

const time = Date.UTC(2026, 0, 1)
const iso = '2026-01-01T00:00:00.000Z'
const later = Date.UTC(2026, 0, 2)
const laterIso = '2026-01-02T00:00:00.000Z'
export const origin = { address: '203.0.113.7', device: 'Browser' }

export const administrator = {
  id: 'o',
  account: 'ops',
  nickname: null,
  signedInAt: time,
  expiresAt: later,
  idleTtl: 1_800_000,
  recoveryCodesLeft: 10,
}
export const actor = { administrator, origin }
const person = {
  id: 'u',
  account: 'ming',
  phone: null,
  nickname: null,
  avatarUrl: null,
  role: 'user',
  createdAt: time,
  disabledAt: later,
  externalId: 'e-1',
  lastSeenAt: null,
  appIds: ['wx1'],
}
const wirePerson = { ...person, createdAt: iso, disabledAt: laterIso }
const merge = {
  id: 'm',
  mergedAt: time,
  undoUntil: later,
  undoneAt: null,
  kept: { id: 'a', name: null },
  gone: { id: 'b', name: 'ming' },
  adminId: 'o',
  adminName: 'ops',
}
const { adminId: _, adminName: _name, ...mergeRest } = merge
const wireMerge = {
  ...mergeRest,
  mergedAt: iso,
  undoUntil: laterIso,
  operatorId: 'o',
  operatorName: 'ops',
}
const line = {
  id: 1,
  at: time,
  action: 'bind',
  outcome: 'ok',
  userId: 'u',
  adminId: 'o',
  appId: 'wx1',
  address: '203.0.113.7',
  device: null,
  count: 3,
  userName: '小明',
  adminName: 'ops',
}
const { adminId: __, adminName: operatorName, ...lineRest } = line
const wireLine = { ...lineRest, at: iso, operatorId: 'o', operatorName }
const note = { id: 'n', at: time, adminId: 'o', adminName: 'ops', text: 'called' }
const wireNote = { id: 'n', at: iso, operatorId: 'o', operatorName: 'ops', text: 'called' }
const bulk = { people: 1, sessions: 2, skipped: [{ userId: 'v', why: 'administrator' }] }
const mergeOrder = { unionid: 'x', firstUserId: 'a', secondUserId: 'b', keepUserId: 'a' }
const identity = {
  appId: 'wx1',
  openid: 'o',
  unionid: null,
  boundBy: 'unionid',
  device: 'Phone',
} as const
const moves = {
  identities: [{ ...identity, boundAt: time, lastSeenAt: later }],
  account: null,
  password: true,
  phone: null,
  nickname: null,
  avatarUrl: null,
  externalId: 'e-1',
}
const stays = { identities: [], account: null, phone: null, nickname: null, externalId: null }
const filter = { from: iso, to: laterIso, action: 'bind', outcome: 'ok', userId: 'u' } as const
const dayCount = { day: '2026-11-22', signIns: 3, newUsers: 1, bound: 1, unbound: 2, refused: 1 }
const overview = {
  today: dayCount,
  yesterday: { ...dayCount, day: '2026-11-21' },
  days: [dayCount],
  refusals: [],
  wechat: [],
  quota: [],
  totals: { users: 1, disabled: 2, identities: 3, sessions: 4, conflicts: 5 },
  health: {
    startedAt: time,
    version: '1',
    node: '24',
    eventLoopP99Ms: 1,
    heapBytes: 2,
    rssBytes: 3,
    databaseBytes: 4,
  },
}
export const setting = { name: 'PORT', value: '3000', secret: false, isDefault: true }
const app = { appId: 'wx1', identities: 1, signInsToday: 2, lastSignInAt: time }
const finding = { finding: 'ok', errcode: null, address: null, durationMs: 3 }

const listed = {
  id: 'o',
  account: 'ops',
  createdAt: time,
  disabledAt: null,
  lastSeenAt: later,
  hasSecondFactor: true,
  enrolmentExpiresAt: null,
}
const enrolment = { code: 'ABCD-EFGH', expiresAt: later }
const wireEnrolment = { enrolmentCode: 'ABCD-EFGH', enrolmentCodeExpiresAt: laterIso }

const serviceKey = {
  id: 'key-1',
  name: 'pay',
  scopes: ['introspect'],
  createdAt: time,
  createdBy: 'o',
  creatorName: 'ops',
  revokedAt: null,
  secrets: [
    { createdAt: later, expiresAt: null, lastUsedAt: null },
    { createdAt: time, expiresAt: later, lastUsedAt: time },
  ],
}
const wireServiceKey = {
  ...serviceKey,
  createdAt: iso,
  secrets: [
    { createdAt: laterIso, expiresAt: null, lastUsedAt: null },
    { createdAt: iso, expiresAt: laterIso, lastUsedAt: iso },
  ],
}

const webhook = {
  id: 'webhook-1',
  url: 'https://a.example/',
  events: ['user.created'],
  createdAt: time,
  createdBy: 'o',
  disabledAt: later,
  disabledReason: 'gone',
  previousSecretUntil: later,
  pending: 1,
  oldestPendingAt: time,
  lastError: 'HTTP 500',
  dead: 2,
}
const wireWebhook = {
  ...webhook,
  createdAt: iso,
  disabledAt: laterIso,
  previousSecretUntil: laterIso,
  oldestPendingAt: iso,
}

const dead = {
  id: '1',
  webhookId: 'webhook-1',
  eventId: 'evt_1',
  type: 'webhook.test',
  userId: null,
  occurredAt: time,
  attempts: 9,
  error: 'HTTP 500',
  deadAt: later,
}

interface Case {
  readonly input?: object
  /** What the verb gets, after the actor. */
  readonly args?: readonly unknown[]
  readonly answer?: unknown
  readonly output: unknown
}

const byPerson = { input: { userId: 'u' }, args: ['u'], output: {} }
const byIdentity = {
  input: { userId: 'u', appId: 'wx1' },
  args: [{ userId: 'u', appId: 'wx1' }],
  output: {},
}

export const cases: Readonly<Record<string, Case>> = {
  'account.current': {
    answer: { administrator, apps: [{ appId: 'wx1', name: 'Shop' }] },
    output: {
      operator: { ...administrator, signedInAt: iso, expiresAt: laterIso },
      apps: [{ appId: 'wx1', name: 'Shop' }],
    },
  },
  'account.renewRecoveryCodes': {
    input: { code: ' 000000 ' },
    args: ['000000'],
    answer: ['ABCD'],
    output: { recoveryCodes: ['ABCD'] },
  },
  'account.changePassword': {
    input: { currentPassword: 'old', newPassword: 'correct horse', code: '000000' },
    args: [
      {
        currentPassword: 'old',
        newPassword: 'correct horse',
        code: '000000',
        browserToken: 'browser',
      },
    ],
    answer: { browserToken: 'new browser' },
    output: {},
  },
  overview: {
    input: {},
    args: [{ days: 14 }],
    answer: overview,
    output: { ...overview, health: { ...overview.health, startedAt: iso } },
  },
  'people.list': {
    input: { search: ' ming ' },
    args: [{ search: 'ming', limit: 20 }],
    answer: { items: [person], next: 'c', count: { value: 1_000, isExact: false } },
    output: { items: [wirePerson], next: 'c', count: { value: 1_000, isExact: false } },
  },
  'people.view': {
    input: { userId: 'u' },
    args: ['u'],
    answer: {
      person: { ...person, hasPassword: true },
      identities: moves.identities,
      sessions: [
        {
          id: 's',
          appId: 'wx1',
          device: null,
          createdAt: time,
          lastSeenAt: time,
          expiresAt: later,
        },
      ],
      notes: [note],
      history: [line, { ...line, adminId: undefined }],
    },
    output: {
      person: { ...wirePerson, hasPassword: true },
      identities: [{ ...identity, boundAt: iso, lastSeenAt: laterIso }],
      sessions: [
        {
          id: 's',
          appId: 'wx1',
          device: null,
          createdAt: iso,
          lastSeenAt: iso,
          expiresAt: laterIso,
        },
      ],
      notes: [wireNote],
      history: [wireLine, { ...wireLine, operatorId: undefined }],
    },
  },
  'people.export': {
    input: { search: ' ming ', status: 'active' },
    args: [{ search: 'ming', status: 'active', limit: 500 }],
    answer: { items: [person], next: 'c' },
    output: { items: [wirePerson], next: 'c' },
  },
  'people.exportPhones': {
    input: { cursor: 'c', limit: 10 },
    args: [{ cursor: 'c', limit: 10 }],
    answer: { items: [{ ...person, phone: '13800138000' }], next: null },
    output: { items: [{ ...wirePerson, phone: '13800138000' }], next: null },
  },
  'people.previewBulk': {
    input: { action: 'disable', userIds: ['u', 'v'] },
    args: [{ action: 'disable', userIds: ['u', 'v'] }],
    answer: bulk,
    output: bulk,
  },
  'people.bulk': {
    input: { action: 'endSessions', userIds: ['u'], reason: ' stolen ' },
    args: [{ action: 'endSessions', userIds: ['u'], reason: 'stolen' }],
    answer: bulk,
    output: bulk,
  },
  'people.addNote': {
    input: { userId: 'u', text: ' called ' },
    args: [{ userId: 'u', text: 'called' }],
    answer: note,
    output: { note: wireNote },
  },
  'people.removeNote': {
    input: { userId: 'u', noteId: 'n' },
    args: [{ userId: 'u', noteId: 'n' }],
    output: {},
  },
  'people.disable': byPerson,
  'people.enable': byPerson,
  'people.endSessions': {
    input: { userId: 'u', sessionId: 's' },
    args: [{ userId: 'u', sessionId: 's' }],
    answer: 1,
    output: { ended: 1 },
  },
  'people.unbind': {
    input: { userId: 'u', appId: 'wx1', everywhere: true },
    args: [{ userId: 'u', appId: 'wx1', everywhere: true }],
    output: {},
  },
  'people.resetSessionKey': byIdentity,
  'people.remove': {
    input: { userId: 'u', confirm: 'ming' },
    args: [{ userId: 'u', confirm: 'ming' }],
    output: {},
  },
  'people.revealPhone': {
    input: { userId: 'u' },
    args: ['u'],
    answer: '13800138000',
    output: { phone: '13800138000' },
  },
  'people.clearPassword': { ...byPerson, answer: true, output: { canSignIn: true } },
  'people.clearPhone': { ...byPerson, answer: false, output: { canSignIn: false } },
  'administrators.list': {
    answer: [listed],
    output: {
      administrators: [
        {
          ...listed,
          createdAt: iso,
          disabledAt: null,
          lastSeenAt: laterIso,
          enrolmentExpiresAt: null,
        },
      ],
    },
  },
  'administrators.add': {
    input: { account: 'boss', password: 'correct horse', code: ' 000000 ' },
    args: [{ account: 'boss', password: 'correct horse', code: '000000' }],
    answer: { id: 'b', enrolment },
    output: { id: 'b', ...wireEnrolment },
  },
  'administrators.remove': {
    input: { userId: 'u', code: '000000' },
    args: [{ userId: 'u', code: '000000' }],
    output: {},
  },
  'administrators.resetFactor': {
    input: { userId: 'u', code: '000000' },
    args: [{ userId: 'u', code: '000000' }],
    answer: enrolment,
    output: wireEnrolment,
  },
  'conflicts.list': {
    input: {},
    args: [{ limit: 20 }],
    answer: {
      items: [{ unionid: 'x', detectedAt: time, first: person, second: person }],
      next: null,
      count: { value: 1, isExact: true },
    },
    output: {
      items: [{ unionid: 'x', detectedAt: iso, first: wirePerson, second: wirePerson }],
      next: null,
      count: { value: 1, isExact: true },
    },
  },
  'conflicts.preview': {
    input: mergeOrder,
    args: [mergeOrder],
    answer: { kept: person, gone: person, moves, stays, endedSessions: 2 },
    output: {
      kept: wirePerson,
      gone: wirePerson,
      moves: {
        ...moves,
        identities: [{ ...moves.identities[0], boundAt: iso, lastSeenAt: laterIso }],
      },
      stays,
      endedSessions: 2,
    },
  },
  'conflicts.merge': {
    input: mergeOrder,
    args: [mergeOrder],
    answer: merge,
    output: { merge: wireMerge },
  },
  'conflicts.merges': { answer: [merge], output: { merges: [wireMerge] } },
  'conflicts.undo': { input: { mergeId: 'm' }, args: ['m'], output: {} },
  'audit.list': {
    input: { ...filter, kind: 'change', operatorId: 'o', cursor: 'c' },
    args: [
      { ...filter, kind: 'change', from: time, to: later, adminId: 'o', cursor: 'c', limit: 50 },
    ],
    answer: { items: [line], next: null },
    output: { items: [wireLine], next: null },
  },
  'audit.count': {
    input: {},
    args: [{ from: undefined, to: undefined, adminId: undefined }],
    answer: 7,
    output: { count: 7 },
  },
  'apps.list': { answer: [app], output: { apps: [{ ...app, lastSignInAt: iso }] } },
  'apps.test': { input: { appId: 'wx1' }, args: ['wx1'], answer: finding, output: finding },
  'serviceKeys.list': {
    answer: [serviceKey],
    output: { keys: [wireServiceKey] },
  },
  'serviceKeys.create': {
    input: { name: 'pay', scopes: ['users:read', 'identities:read'], code: ' 000000 ' },
    args: [{ name: 'pay', scopes: ['users:read', 'identities:read'], code: '000000' }],
    answer: { id: 'key-1', key: 'mk_1', hash: 'secret' },
    output: { id: 'key-1', key: 'mk_1' },
  },
  'serviceKeys.rotate': {
    input: { keyId: 'key-1', overlapHours: 2, code: '000000' },
    args: [{ id: 'key-1', overlap: 7_200_000, code: '000000' }],
    answer: { key: 'mk_2', previousUntil: later },
    output: { key: 'mk_2', previousUntil: laterIso },
  },
  'serviceKeys.revoke': { input: { keyId: 'key-1' }, args: ['key-1'], output: {} },
  'webhooks.list': {
    answer: { webhooks: [{ ...webhook, sealedSecret: 'secret' }], waiting: 2, unreadable: 1 },
    output: { webhooks: [wireWebhook], waiting: 2, unreadable: 1 },
  },
  'webhooks.create': {
    input: { url: 'https://a.example/', events: ['user.created'], code: ' 000000 ' },
    args: [{ url: 'https://a.example/', events: ['user.created'], code: '000000' }],
    answer: { id: 'webhook-1', secret: 'whsec_1', sealedSecret: 'secret' },
    output: { id: 'webhook-1', secret: 'whsec_1' },
  },
  'webhooks.update': {
    input: { webhookId: 'webhook-1', enabled: false, code: '000000' },
    args: [{ id: 'webhook-1', enabled: false, code: '000000' }],
    output: {},
  },
  'webhooks.rotateSecret': {
    input: { webhookId: 'webhook-1', overlapHours: 2, code: '000000' },
    args: [{ id: 'webhook-1', overlap: 7_200_000, code: '000000' }],
    answer: { secret: 'whsec_2', previousUntil: later },
    output: { secret: 'whsec_2', previousUntil: laterIso },
  },
  'webhooks.remove': { input: { webhookId: 'webhook-1' }, args: ['webhook-1'], output: {} },
  'webhooks.test': { input: { webhookId: 'webhook-1' }, args: ['webhook-1'], output: {} },
  'webhooks.deliveries': {
    input: { webhookId: 'webhook-1' },
    args: [{ webhookId: 'webhook-1', limit: 20 }],
    answer: { items: [{ ...dead, body: 'secret' }], next: null },
    output: { items: [{ ...dead, occurredAt: iso, deadAt: laterIso }], next: null },
  },
  'webhooks.replay': {
    input: { deliveryId: '1' },
    args: [{ id: '1' }],
    answer: 1,
    output: { replayed: 1 },
  },
  'webhooks.discard': {
    input: { webhookId: 'webhook-1' },
    args: [{ webhookId: 'webhook-1' }],
    answer: 2,
    output: { discarded: 2 },
  },
  settings: { answer: [setting], output: { settings: [setting] } },
}

export const visitors: Readonly<Record<string, Case>> = {
  'account.signIn': {
    input: { account: 'ops', password: 'secret' },
    args: [{ account: 'ops', password: 'secret', browserToken: 'browser', origin }],
    answer: { token: 'first', next: 'enrol' },
    output: { next: 'enrol' },
  },
  'account.enrol': {
    input: { enrolmentCode: ' ABCD-EFGH ' },
    args: [{ enrolmentCode: 'ABCD-EFGH', token: 'cookie', origin }],
    answer: { secret: 's', uri: 'otpauth://x' },
    output: { secret: 's', uri: 'otpauth://x' },
  },
  'account.proveCode': {
    input: { code: '000000' },
    args: [{ token: 'cookie', code: '000000', browserToken: 'browser', origin }],
    answer: { token: 'full', browserToken: 'new browser', recoveryCodes: ['ABCD'] },
    output: { recoveryCodes: ['ABCD'] },
  },
  'account.signOut': { args: ['cookie', origin], output: {} },
}

/** What the cookie becomes. */
export const tokensSet: Readonly<Record<string, string | null>> = {
  'account.signIn': 'first',
  'account.proveCode': 'full',
  'account.signOut': null,
}

/** What the cookie of the browser becomes. */
export const browserTokensSet: Readonly<Record<string, string>> = {
  'account.proveCode': 'new browser',
  'account.changePassword': 'new browser',
}
