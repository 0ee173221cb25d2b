import { Failure, type UserService } from '@mianmi/core'
import { expect, it } from 'vitest'
import { appRouter } from '../src/index.ts'
import { procedureAt, recordService } from './recorded-service.ts'

const time = Date.UTC(2026, 0, 1)
const iso = '2026-01-01T00:00:00.000Z'
const origin = { address: '203.0.113.7', device: 'Phone' }

const user = {
  id: 'u',
  account: 'ming',
  phone: null,
  nickname: null,
  avatarUrl: null,
  role: 'user',
  createdAt: time,
}
const wireUser = { ...user, createdAt: iso }
const session = { id: 's', appId: 'wx1', userId: 'u', createdAt: time, expiresAt: time }
const caller = { session, user: { ...user, disabledAt: null } }
const actor = { caller, origin }
const tokens = {
  accessToken: 'a',
  accessTokenExpiresAt: time,
  refreshToken: 'r',
  refreshTokenExpiresAt: time,
}
const wireTokens = { ...tokens, accessTokenExpiresAt: iso, refreshTokenExpiresAt: iso }
const signedIn = { status: 'signedIn', tokens, user, newUser: true }
const wireSignedIn = { ...signedIn, tokens: wireTokens, user: wireUser }
const identity = { appId: 'wx1', current: true, boundBy: 'unionid', device: 'Phone' }
const byTicket = { ticket: 't' }
const byPassword = { type: 'password', account: 'ming', password: 'correct horse' } as const

interface Case {
  readonly input?: object
  readonly verb: string
  /** What the verb gets, after authentication. */
  readonly args: readonly unknown[]
  /** What the verb resolves to. */
  readonly answer?: unknown
  readonly output: unknown
}

const open: Readonly<Record<string, Case>> = {
  miniLogin: {
    input: { appId: 'wx1', code: 'c' },
    verb: 'miniLogin',
    args: [{ appId: 'wx1', code: 'c', origin }],
    answer: signedIn,
    output: wireSignedIn,
  },
  bind: {
    input: { proof: byTicket, credential: byPassword },
    verb: 'bind',
    args: [{ proof: byTicket, credential: byPassword, origin }],
    answer: signedIn,
    output: wireSignedIn,
  },
  register: {
    input: { proof: byTicket, account: 'ming', password: 'correct horse' },
    verb: 'register',
    args: [{ proof: byTicket, account: 'ming', password: 'correct horse', origin }],
    answer: signedIn,
    output: wireSignedIn,
  },
  'session.refresh': {
    input: { refreshToken: 'r' },
    verb: 'refresh',
    args: [{ refreshToken: 'r', origin }],
    answer: tokens,
    output: wireTokens,
  },
}

const signedInOnly: Readonly<Record<string, Case>> = {
  'session.signOut': { verb: 'signOut', args: [actor], output: {} },
  'session.list': {
    verb: 'listSessions',
    args: [caller],
    answer: [{ ...session, current: true, lastSeenAt: time, device: null }],
    output: {
      sessions: [
        { id: 's', appId: 'wx1', current: true, createdAt: iso, lastSeenAt: iso, device: null },
      ],
    },
  },
  'session.revoke': {
    input: { sessionId: 'other' },
    verb: 'revokeSession',
    args: [actor, 'other'],
    output: {},
  },
  'session.revokeOthers': {
    verb: 'revokeOtherSessions',
    args: [actor],
    answer: 3,
    output: { revoked: 3 },
  },
  'identity.list': {
    verb: 'listIdentities',
    args: [caller],
    answer: [{ ...identity, boundAt: time, lastSeenAt: time, openid: 'o' }],
    output: { identities: [{ ...identity, boundAt: iso, lastSeenAt: iso }] },
  },
  'identity.unbind': {
    input: { appId: 'wx2', everywhere: true },
    verb: 'unbind',
    args: [actor, { appId: 'wx2', everywhere: true }],
    output: {},
  },
  'account.updateProfile': {
    input: { nickname: ' Ming ', avatarUrl: null },
    verb: 'updateProfile',
    args: [actor, { nickname: 'Ming', avatarUrl: null }],
    answer: user,
    output: { user: wireUser },
  },
  'account.setAvatar': {
    input: { image: '//8=' },
    verb: 'setAvatar',
    args: [actor, new Uint8Array([0xff, 0xff])],
    answer: user,
    output: { user: wireUser },
  },
  'account.changePassword': {
    input: { currentPassword: 'old', newPassword: 'correct horse' },
    verb: 'changePassword',
    args: [actor, { currentPassword: 'old', newPassword: 'correct horse' }],
    output: {},
  },
  'account.bindPhone': {
    input: { code: 'p' },
    verb: 'bindPhone',
    args: [actor, 'p'],
    answer: user,
    output: { user: wireUser },
  },
  'account.delete': {
    input: { confirm: true, code: 'c' },
    verb: 'deleteAccount',
    args: [actor, 'c'],
    output: {},
  },
  'openData.decrypt': {
    input: { encryptedData: 'e', iv: 'i' },
    verb: 'decryptOpenData',
    args: [actor, { encryptedData: 'e', iv: 'i' }],
    answer: { city: '广州' },
    output: { data: { city: '广州' } },
  },
}

function callerOver(answers: Readonly<Record<string, unknown>>) {
  const { service, calls } = recordService<UserService>(answers)
  const context = { users: service, accessToken: 'token', origin, traceId: 't' }
  return { router: appRouter.createCaller(context), calls }
}

it('every procedure is called below', () => {
  const called = [...Object.keys(open), ...Object.keys(signedInOnly), 'me']
  expect(called.sort()).toEqual(Object.keys(appRouter._def.procedures).sort())
})

it.each(Object.entries(open))('%s needs no access token', async (path, each) => {
  const { router, calls } = callerOver({ [each.verb]: each.answer })
  expect(await procedureAt(router, path)(each.input)).toEqual(each.output)
  expect(calls).toEqual([[each.verb, ...each.args]])
})

it.each(Object.entries(signedInOnly))('%s acts for the caller', async (path, each) => {
  const { router, calls } = callerOver({ authenticate: caller, [each.verb]: each.answer })
  expect(await procedureAt(router, path)(each.input)).toEqual(each.output)
  expect(calls).toEqual([
    ['authenticate', 'token'],
    [each.verb, ...each.args],
  ])
})

it.each(Object.entries(signedInOnly))('%s does nothing without a caller', async (path, each) => {
  const refusal = new Failure('unauthenticated')
  const { router, calls } = callerOver({ authenticate: refusal, [each.verb]: each.answer })
  await expect(procedureAt(router, path)(each.input)).rejects.toMatchObject({ cause: refusal })
  expect(calls).toEqual([['authenticate', 'token']])
})

it('me is the caller, by one verb', async () => {
  const { router, calls } = callerOver({ authenticate: caller })
  expect(await router.me()).toEqual({
    user: wireUser,
    session: { id: 's', appId: 'wx1', createdAt: iso, expiresAt: iso },
  })
  expect(calls).toEqual([['authenticate', 'token']])
})
