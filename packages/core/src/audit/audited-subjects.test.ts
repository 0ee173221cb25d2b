import { describe, expect, it } from 'vitest'
import {
  createTestService,
  enrolTestAdmin,
  giveTestPhone,
  reasonOf,
  registerTestUser,
  signInTestUser,
  type TestService,
  testOrigin,
  testPassword,
} from '../../testing/index.ts'
import { conflictKey } from '../admin/merges/merge-store.ts'

const day = 24 * 3_600_000
const number = '13800000001'

/** The lines that a call leaves. */
async function linesOf(service: TestService, call: () => Promise<unknown>) {
  const { length } = service.events
  await call().catch(() => undefined)
  return service.events.slice(length).map(({ action, outcome, userId, appId, adminId }) => ({
    action,
    outcome,
    userId,
    appId,
    ...(adminId ? { adminId } : {}),
  }))
}

const proofOf = ({ wechat }: TestService, openid: string, appId = 'wx1') => ({
  appId,
  code: wechat.loginCode({ appId, openid }),
})

describe('a refused call', () => {
  it.each([
    ['the account of a wrong password', 'ming', 'credential_rejected'],
    ['the account that has another WeChat in the app', 'ming', 'account_taken'],
  ])('names %s', async (_, account, outcome) => {
    const service = createTestService()
    const { signedIn } = await registerTestUser(service, { account: 'ming' })
    const password = outcome === 'account_taken' ? testPassword : 'wrong'
    const lines = await linesOf(service, () =>
      service.users.bind({
        proof: proofOf(service, 'thief'),
        credential: { type: 'password', account, password },
        origin: testOrigin,
      }),
    )
    const userId = signedIn.user.id
    expect(lines).toEqual([{ action: 'bind', outcome, userId, appId: 'wx1' }])
  })

  it('names no one, and nothing that was typed, where there is no such account', async () => {
    const service = createTestService()
    const lines = await linesOf(service, () =>
      service.users.bind({
        proof: proofOf(service, 'thief'),
        credential: { type: 'password', account: 'my password by mistake', password: 'x' },
        origin: testOrigin,
      }),
    )
    expect(lines).toEqual([
      { action: 'bind', outcome: 'credential_rejected', userId: null, appId: 'wx1' },
    ])
    expect(JSON.stringify(service.events)).not.toContain('by mistake')
  })

  it('names the owner of a number that is not given away', async () => {
    const service = createTestService()
    const { signedIn } = await registerTestUser(service, { account: 'ming' })
    giveTestPhone(service, signedIn.user.id, number)
    const openid = 'thief'
    const lines = await linesOf(service, () =>
      service.users.bind({
        proof: proofOf(service, openid),
        credential: {
          type: 'phone',
          code: service.wechat.phoneCode({ appId: 'wx1', openid, phone: number }),
        },
        origin: testOrigin,
      }),
    )
    const userId = signedIn.user.id
    expect(lines).toEqual([{ action: 'bind', outcome: 'phone_rejected', userId, appId: 'wx1' }])
  })

  it('names the owner of a taken name, and of a taken identity', async () => {
    const service = createTestService()
    const { signedIn, user } = await registerTestUser(service, { account: 'ming' })
    const userId = signedIn.user.id
    for (const [openid, account, outcome] of [
      ['thief', 'MING', 'account_taken'],
      [user.openid, 'other', 'identity_taken'],
    ] as const) {
      const lines = await linesOf(service, () =>
        service.users.register({
          proof: proofOf(service, openid),
          account,
          password: testPassword,
          origin: testOrigin,
        }),
      )
      expect(lines).toEqual([{ action: 'register', outcome, userId, appId: 'wx1' }])
    }
  })

  it('names the disabled user of a sign-in', async () => {
    const service = createTestService()
    const { signedIn, user } = await registerTestUser(service, { account: 'ming' })
    const userId = signedIn.user.id
    await service.store.people.disable(userId, service.clock.now())
    const lines = await linesOf(service, () => signInTestUser(service, user))
    expect(lines).toEqual([{ action: 'sign_in', outcome: 'user_disabled', userId, appId: 'wx1' }])
  })
})

describe('what a sign-in does beside opening a session', () => {
  it('a binding by the unionid has a line of its own', async () => {
    const service = createTestService()
    const known = await registerTestUser(service, { account: 'ming', unionid: 'union' })
    const userId = known.signedIn.user.id
    const elsewhere = { appId: 'wx2', openid: 'elsewhere', unionid: 'union' }
    const subject = { outcome: 'ok', userId, appId: 'wx2' }
    expect(await linesOf(service, () => signInTestUser(service, elsewhere))).toEqual([
      { action: 'sign_in', ...subject },
      { action: 'identity_link', ...subject },
    ])
    expect(await linesOf(service, () => signInTestUser(service, elsewhere))).toEqual([
      { action: 'sign_in', ...subject },
    ])
  })

  it('a number that moves has a line for the user who loses it', async () => {
    const service = createTestService()
    const old = await registerTestUser(service, { account: 'old' })
    giveTestPhone(service, old.signedIn.user.id, number)
    service.clock.advance(91 * day)
    const next = await registerTestUser(service, { account: 'next' })
    const { openid } = next.user
    const code = service.wechat.phoneCode({ appId: 'wx1', openid, phone: number })
    const call = () => service.users.bindPhone(next.actor, code)
    const rest = { outcome: 'ok', appId: 'wx1' }
    const moved = { action: 'phone_moved', userId: old.signedIn.user.id, ...rest }
    const changed = { action: 'phone_change', userId: next.signedIn.user.id, ...rest }
    expect((await linesOf(service, call)).sort(byAction)).toEqual([changed, moved])
  })

  it('a number that moves to a new user does, too', async () => {
    const service = createTestService()
    const old = await registerTestUser(service, { account: 'old' })
    giveTestPhone(service, old.signedIn.user.id, number)
    service.clock.advance(91 * day)
    const openid = 'new owner'
    const lines = await linesOf(service, () =>
      service.users.bind({
        proof: proofOf(service, openid),
        credential: {
          type: 'phone',
          code: service.wechat.phoneCode({ appId: 'wx1', openid, phone: number }),
        },
        origin: testOrigin,
      }),
    )
    expect(lines).toEqual([
      { action: 'bind', outcome: 'ok', userId: expect.any(String), appId: 'wx1' },
      { action: 'phone_moved', outcome: 'ok', userId: old.signedIn.user.id, appId: 'wx1' },
    ])
  })

  it('a user whose only identity goes to a proven account has a line of the end', async () => {
    const service = createTestService({ policy: { signUp: 'auto' } })
    const ming = await registerTestUser(service, { account: 'ming', appId: 'wx2' })
    const user = { appId: 'wx1', openid: 'openid of a new phone' }
    const alone = await signInTestUser(service, user)
    const lines = await linesOf(service, () =>
      service.users.bind({
        proof: proofOf(service, user.openid),
        credential: { type: 'password', account: 'ming', password: testPassword },
        origin: testOrigin,
      }),
    )
    const rest = { outcome: 'ok', appId: 'wx1' }
    expect(lines).toEqual([
      { action: 'bind', userId: ming.signedIn.user.id, ...rest },
      { action: 'user_absorbed', userId: alone.signedIn.user.id, ...rest },
    ])
  })
})

describe('an unbinding', () => {
  /** Bound in two apps by one WeChat. */
  async function start() {
    const service = createTestService()
    const { actor } = await enrolTestAdmin(service)
    const ming = await registerTestUser(service, { account: 'ming', unionid: 'union' })
    await signInTestUser(service, { appId: 'wx2', openid: 'elsewhere', unionid: 'union' })
    return { service, ming, actor, userId: ming.signedIn.user.id }
  }

  it('everywhere has a line for each identity', async () => {
    const { service, ming, userId } = await start()
    const call = () => service.users.unbind(ming.actor, { appId: 'wx1', everywhere: true })
    const rest = { action: 'unbind', outcome: 'ok', userId }
    expect(await linesOf(service, call)).toEqual([
      { ...rest, appId: 'wx1' },
      { ...rest, appId: 'wx2' },
    ])
  })

  it('by an administrator has one, too, and one before it', async () => {
    const { service, actor, userId } = await start()
    const unbinding = { userId, appId: 'wx2', everywhere: true }
    const rest = { action: 'admin.people.unbind', userId, adminId: actor.administrator.id }
    const call = () => service.admin.unbindPerson(actor, unbinding)
    expect((await linesOf(service, call)).sort(byApp)).toEqual([
      { ...rest, outcome: 'ok', appId: 'wx1' },
      { ...rest, outcome: 'started', appId: 'wx2' },
      { ...rest, outcome: 'ok', appId: 'wx2' },
    ])
  })
})

describe('a change by an administrator', () => {
  it('of two users names both', async () => {
    const service = createTestService()
    const { actor } = await enrolTestAdmin(service)
    const kept = await registerTestUser(service, { account: 'kept' })
    const gone = await registerTestUser(service, { account: 'gone', appId: 'wx2' })
    for (const { user } of [kept, gone])
      await signInTestUser(service, { ...user, unionid: 'union' })
    const [keptId, goneId] = [kept.signedIn.user.id, gone.signedIn.user.id]
    const pair = { unionid: 'union', firstUserId: keptId, secondUserId: goneId }
    const order = { ...conflictKey(pair), keepUserId: keptId }
    const named = async (call: () => Promise<unknown>) =>
      (await linesOf(service, call)).flatMap(({ outcome, userId }) =>
        outcome === 'ok' ? [userId] : [],
      )
    expect((await named(() => service.admin.merge(actor, order))).sort()).toEqual(
      [keptId, goneId].sort(),
    )
    const [merge] = await service.admin.listMerges(actor)
    const undone = await named(() => service.admin.undoMerge(actor, merge?.id ?? ''))
    expect(undone.sort()).toEqual([keptId, goneId].sort())
  })

  it('is not made where its line cannot be written', async () => {
    const service = createTestService()
    const { actor } = await enrolTestAdmin(service)
    const { signedIn } = await registerTestUser(service, { account: 'ming' })
    const userId = signedIn.user.id
    giveTestPhone(service, userId, number)
    const failing = createTestService({
      ports: {
        ...service.ports,
        audit: { ...service.ports.audit, write: () => Promise.reject(new Error('disk full')) },
      },
    })
    const { admin } = failing
    const { users, identities, sessions } = service.store.state
    const before = [users, identities, sessions].map((rows) => [...rows])
    const writes = [
      () => admin.disablePerson(actor, userId),
      () => admin.enablePerson(actor, userId),
      () => admin.endSessions(actor, { userId }),
      () => admin.unbindPerson(actor, { userId, appId: 'wx1' }),
      () => admin.resetSessionKey(actor, { userId, appId: 'wx1' }),
      () => admin.removePerson(actor, { userId, confirm: 'ming' }),
      () => admin.clearPassword(actor, userId),
      () => admin.clearPhone(actor, userId),
      () => admin.revealPhone(actor, userId),
      () => admin.listAudit(actor, { limit: 1 }),
      () => admin.countAudit(actor, {}),
      () => admin.undoMerge(actor, 'unknown'),
    ]
    for (const write of writes) await expect(write()).rejects.toThrow('disk full')
    expect([users, identities, sessions].map((rows) => [...rows])).toEqual(before)
    // What shows nothing secret goes on, so that the administrator can find the cause.
    expect(await reasonOf(admin.viewPerson(actor, 'unknown'))).toBe('not_found')
    expect(await admin.settings(actor)).toHaveLength(1)
  })
})

const byAction = (a: { action: string }, b: { action: string }) => (a.action < b.action ? -1 : 1)
const byApp = (a: { appId: string | null }, b: { appId: string | null }) =>
  String(a.appId) < String(b.appId) ? -1 : String(a.appId) > String(b.appId) ? 1 : 0
