import { describe, expect, it } from 'vitest'
import {
  createTestService,
  enrolTestAdmin,
  issueTestTicket,
  reasonOf,
  registerTestUser,
  signInTestUser,
  type TestService,
  testHealth,
  testOrigin,
  testPassword,
} from '../../../testing/index.ts'
import { countWechatAnswer } from '../../../testing/memory-store/admin/overview/statistics.ts'
import { dayOf } from './day.ts'

const day = 24 * 3_600_000

async function start() {
  const service = createTestService()
  const { actor } = await enrolTestAdmin(service)
  const overview = (days: number) => service.admin.overview(actor, { days })
  const between = (from: string, to: string) => service.admin.overview(actor, { from, to })
  return { service, overview, between }
}

/** Binds by password after two refused tries, and leaves another identity unbound. */
async function useDay(service: TestService, account: string): Promise<void> {
  const { users, wechat } = service
  const second = { appId: 'wx2', openid: `second of ${account}` }
  const bind = (password: string) =>
    users.bind({
      proof: { appId: 'wx2', code: wechat.loginCode(second) },
      credential: { type: 'password', account, password },
      origin: testOrigin,
    })
  for (const wrong of ['wrong', 'wrong too']) await reasonOf(bind(wrong))
  await bind(testPassword)
  await issueTestTicket(service, { appId: 'wx2', openid: `stranger of ${account}` })
}

describe('the overview', () => {
  it('counts each day, the oldest first, also those on which nothing happened', async () => {
    const { service, overview } = await start()
    const { user } = await registerTestUser(service, { account: 'ming' })
    await useDay(service, 'ming')
    const before = dayOf(service.clock.now())
    service.clock.advance(2 * day)
    await signInTestUser(service, user)
    await issueTestTicket(service, { ...user, openid: 'unknown' })
    const { days } = await overview(3)
    const now = service.clock.now()
    const none = { signIns: 0, newUsers: 0, bound: 0, unbound: 0, refused: 0 }
    expect(days).toEqual([
      { day: before, signIns: 2, newUsers: 1, bound: 1, unbound: 1, refused: 2 },
      { day: dayOf(now - day), ...none },
      { day: dayOf(now), ...none, signIns: 1, unbound: 1 },
    ])
    expect((await overview(2)).days).toEqual(days.slice(1))
  })

  it('counts from one day to another, and today and yesterday whatever the period is', async () => {
    const { service, between } = await start()
    const { user } = await registerTestUser(service, { account: 'ming' })
    const before = dayOf(service.clock.now())
    service.clock.advance(3 * day)
    await signInTestUser(service, user)
    const yesterday = dayOf(service.clock.now())
    service.clock.advance(day)
    await issueTestTicket(service, { ...user, openid: 'unknown' })
    const overview = await between(before, before)
    expect(overview.days).toMatchObject([{ day: before, signIns: 1, newUsers: 1 }])
    expect(overview.yesterday).toMatchObject({ day: yesterday, signIns: 1, newUsers: 0 })
    expect(overview.today).toMatchObject({
      day: dayOf(service.clock.now()),
      signIns: 0,
      unbound: 1,
    })
  })

  it('leaves out the days after today', async () => {
    const { service, between } = await start()
    const now = service.clock.now()
    const { days } = await between(dayOf(now - day), dayOf(now + 9 * day))
    expect(days.map((each) => each.day)).toEqual([dayOf(now - day), dayOf(now)])
    expect((await between(dayOf(now + day), dayOf(now + 2 * day))).days).toEqual([])
  })

  it('counts the refusals of signing in, the most frequent first', async () => {
    const { service, overview } = await start()
    const { user, actor } = await registerTestUser(service, { account: 'ming' })
    // Refusals of other calls are not among them.
    await reasonOf(service.users.unbind(actor, { appId: 'wx3' }))
    await reasonOf(service.users.refresh({ refreshToken: 'unknown', origin: testOrigin }))
    await service.store.people.disable(actor.caller.user.id, service.clock.now())
    for (let count = 0; count < 2; count++) await reasonOf(signInTestUser(service, user))
    const code = 'unknown'
    await reasonOf(service.users.miniLogin({ appId: 'wx1', code, origin: testOrigin }))
    const { refusals, days } = await overview(1)
    expect(refusals).toEqual([
      { reason: 'user_disabled', count: 2 },
      { reason: 'code_rejected', count: 1 },
    ])
    expect(days).toMatchObject([{ refused: 3 }])
  })

  it('shows the answers of WeChat, and today’s requests against the documented quota', async () => {
    const { service, overview } = await start()
    const { state } = service.store
    const at = service.clock.now()
    const token = { at, appId: 'wx1', api: '/cgi-bin/stable_token', errcode: 0, durationMs: 5 }
    const session = { ...token, api: '/sns/jscode2session' }
    for (const answer of [
      token,
      { ...token, errcode: 45009 },
      { ...token, at: at - day },
      session,
      { ...session, appId: 'wx2' },
    ])
      countWechatAnswer(state, answer)
    const { wechat, quota } = await overview(2)
    expect(wechat).toContainEqual({
      appId: 'wx1',
      api: '/cgi-bin/stable_token',
      errcode: 0,
      count: 2,
      meanMs: 5,
      maxMs: 5,
    })
    expect(wechat).toHaveLength(4)
    expect(quota).toEqual([
      { appId: 'wx1', api: '/cgi-bin/stable_token', used: 2, limit: 500_000 },
      { appId: 'wx1', api: '/sns/jscode2session', used: 1, limit: null },
      { appId: 'wx2', api: '/sns/jscode2session', used: 1, limit: null },
      { appId: 'wx2', api: '/cgi-bin/stable_token', used: 0, limit: 500_000 },
      { appId: 'wx3', api: '/cgi-bin/stable_token', used: 0, limit: 500_000 },
    ])
  })

  it('shows totals as of now, and the health of the service', async () => {
    const { service, overview } = await start()
    await registerTestUser(service, { account: 'ming' })
    const { totals, health } = await overview(1)
    expect(totals).toEqual({ users: 2, disabled: 0, identities: 1, sessions: 1, conflicts: 0 })
    expect(health).toEqual(testHealth)
    service.clock.advance(30 * day)
    expect((await overview(1)).totals).toMatchObject({ sessions: 0 })
  })

  it('takes no days for today', async () => {
    const { service, overview } = await start()
    await registerTestUser(service, { account: 'ming' })
    const { days, refusals } = await overview(0)
    expect([days, refusals]).toEqual([[], []])
  })
})
