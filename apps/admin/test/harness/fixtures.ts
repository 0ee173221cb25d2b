import type { OutputOf, Replies } from './fake-service.ts'

/** A time some minutes ago. */
export const minutesAgo = (minutes: number): string =>
  new Date(Date.now() - minutes * 60_000).toISOString()

export type Administrator = OutputOf<'account.current'>['operator']
export type PersonView = OutputOf<'people.view'>
export type ListedPerson = OutputOf<'people.list'>['items'][number]
export type Merge = OutputOf<'conflicts.merge'>['merge']

export const administrator = (change: Partial<Administrator> = {}): Administrator => ({
  id: 'admin-1',
  account: 'shouye',
  nickname: null,
  signedInAt: minutesAgo(5),
  expiresAt: minutesAgo(-12 * 60),
  idleTtl: 30 * 60_000,
  recoveryCodesLeft: 10,
  ...change,
})

export const current = (change: Partial<Administrator> = {}): OutputOf<'account.current'> => ({
  operator: administrator(change),
  apps: [
    { appId: 'wx1', name: '免密商城' },
    { appId: 'wx2', name: null },
  ],
})

export const listedPerson = (change: Partial<ListedPerson> = {}): ListedPerson => ({
  id: 'user-1',
  account: 'linxiaoyu',
  phone: '139****6789',
  nickname: '小雨',
  avatarUrl: null,
  role: 'user',
  createdAt: minutesAgo(60 * 24 * 40),
  disabledAt: null,
  externalId: null,
  lastSeenAt: minutesAgo(3),
  appIds: ['wx1'],
  ...change,
})

export const personView = (change: Partial<PersonView['person']> = {}): PersonView => ({
  person: { ...listedPerson(), hasPassword: true, ...change },
  identities: [
    {
      appId: 'wx1',
      openid: 'openid-1',
      unionid: 'unionid-1',
      boundAt: minutesAgo(60 * 24 * 40),
      boundBy: 'password',
      lastSeenAt: minutesAgo(3),
      device: 'iPhone 16',
    },
  ],
  sessions: [
    {
      id: 'session-1',
      appId: 'wx1',
      device: 'iPhone 17',
      createdAt: minutesAgo(90),
      lastSeenAt: minutesAgo(3),
      expiresAt: minutesAgo(-60 * 24 * 30),
    },
  ],
  notes: [],
  history: [],
})

export const merge = (change: Partial<Merge> = {}): Merge => ({
  id: 'merge-1',
  mergedAt: minutesAgo(10),
  undoUntil: minutesAgo(-24 * 60),
  undoneAt: null,
  kept: { id: 'user-1', name: 'ming-1' },
  gone: { id: 'user-2', name: 'ming-2' },
  operatorId: 'admin-1',
  operatorName: 'ops',
  ...change,
})

export const conflict = (change: Partial<OutputOf<'conflicts.list'>['items'][number]> = {}) => ({
  unionid: 'unionid-of-ming',
  detectedAt: minutesAgo(20),
  first: listedPerson({ id: 'user-1', account: 'ming-1', nickname: 'Ming' }),
  second: listedPerson({ id: 'user-2', account: 'ming-2', nickname: 'Ming', phone: null }),
  ...change,
})

/** A service where one administrator is signed in and one person exists. */
export const signedInReplies = (): Replies => ({
  'account.current': current(),
  'account.signOut': {},
  'people.list': { items: [listedPerson()], next: null, count: null },
  'people.view': personView(),
  'apps.list': { apps: [] },
  'audit.list': { items: [], next: null },
  'conflicts.list': { items: [], next: null, count: null },
  'conflicts.merges': { merges: [] },
})
