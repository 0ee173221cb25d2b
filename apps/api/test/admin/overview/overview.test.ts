import { expect, it } from 'vitest'
import { appId, login, otherAppId, reasonOf, register, ticketFor } from '../../harness.ts'
import { enrol, openBrowser, startWithAdministrator } from '../client.ts'

const day = 24 * 3_600_000
const today = (service: { now: () => number }) =>
  new Date(service.now() + 8 * 3_600_000).toISOString().slice(0, 10)

async function startSignedIn(env: Record<string, string> = {}) {
  const service = await startWithAdministrator(env)
  const { browser } = await enrol(service)
  const overview = (days = 2) => browser.admin.overview.query({ days })
  return { service, overview, browser }
}

it('counts sign-ins and refusals by day, action and outcome', async () => {
  const { service, overview } = await startSignedIn()
  await register(service, 'ming', 'ming')
  await login(service, 'ming')
  await login(service, 'ming')
  await login(service, 'passer-by')
  const proof = { ticket: await ticketFor(service, 'hua') }
  const credential = { type: 'password', account: 'ming', password: 'wrong' } as const
  await reasonOf(service.client().bind.mutate({ proof, credential }))
  await reasonOf(service.client().miniLogin.mutate({ appId: 'wxmadeup', code: 'x' }))
  const other = { ticket: await ticketFor(service, 'ming-elsewhere', otherAppId) }
  const right = { ...credential, password: 'correct horse' }
  await service.client().bind.mutate({ proof: other, credential: right })
  const { days, refusals } = await overview()
  expect(days.at(-1)).toEqual({
    day: today(service),
    // A registration, two silent sign-ins and a binding.
    signIns: 4,
    newUsers: 1,
    bound: 1,
    // A ticket each for ming, the passer-by, hua, and ming in the other app.
    unbound: 4,
    refused: 2,
  })
  expect(days[0]).toMatchObject({ signIns: 0, refused: 0 })
  expect(refusals).toEqual([
    { reason: 'app_unknown', count: 1 },
    { reason: 'credential_rejected', count: 1 },
  ])
})

it('counts a user whom a silent sign-in made', async () => {
  const { service, overview } = await startSignedIn({ SIGN_UP: 'auto' })
  await login(service, 'ming')
  await login(service, 'ming')
  expect((await overview()).days.at(-1)).toMatchObject({ signIns: 2, newUsers: 1, unbound: 0 })
})

it('a day ends at midnight in Beijing', async () => {
  const service = await startWithAdministrator()
  const beijing = (service.now() + 8 * 3_600_000) % day
  service.passTime(day - beijing - 60_000)
  const first = today(service)
  await login(service, 'ming')
  service.passTime(2 * 60_000)
  await login(service, 'ming')
  const { browser } = await enrol(service)
  const { days } = await browser.admin.overview.query({ days: 2 })
  expect(days.map(({ unbound }) => unbound)).toEqual([1, 1])
  expect(days[0]?.day).toBe(first)
})

it('counts between two days, and refuses a range that is no range', async () => {
  const { service, browser } = await startSignedIn()
  await login(service, 'ming')
  const now = today(service)
  const before = new Date(Date.parse(now) - 3 * day).toISOString().slice(0, 10)
  const between = (from: string, to: string) => browser.admin.overview.query({ from, to })
  const unboundOf = async (from: string, to: string) =>
    (await between(from, to)).days.map(({ unbound }) => unbound)
  expect(await unboundOf(before, now)).toEqual([0, 0, 0, 1])
  expect(await unboundOf(before, before)).toEqual([0])
  expect((await between(before, before)).today).toMatchObject({ day: now, unbound: 1 })
  expect(await reasonOf(between(now, before))).toBe('invalid_input')
  expect(await reasonOf(between('2026-02-30', '2026-03-01'))).toBe('invalid_input')
})

it('counts WeChat’s answers with their times, and what of the quotas is used', async () => {
  const { service, browser } = await startSignedIn()
  await login(service, 'ming')
  await login(service, 'ming')
  await reasonOf(service.client().miniLogin.mutate({ appId, code: 'nonsense' }))
  await browser.admin.apps.test.mutate({ appId })
  await service.restart()
  const later = openBrowser(service)
  later.carry(browser.cookie())
  const { wechat, quota } = await later.admin.overview.query({ days: 1 })
  expect(wechat).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ appId, api: '/sns/jscode2session', errcode: 0, count: 2 }),
      expect.objectContaining({ appId, api: '/sns/jscode2session', errcode: 40029, count: 1 }),
      expect.objectContaining({ appId, api: '/cgi-bin/stable_token', errcode: 0, count: 1 }),
    ]),
  )
  expect(wechat.every(({ meanMs, maxMs }) => meanMs >= 0 && meanMs <= maxMs)).toBe(true)
  expect(quota).toEqual(
    expect.arrayContaining([
      { appId, api: '/sns/jscode2session', used: 3, limit: null },
      { appId, api: '/cgi-bin/stable_token', used: 1, limit: 500_000 },
      { appId: otherAppId, api: '/cgi-bin/stable_token', used: 0, limit: 500_000 },
    ]),
  )
})

it('reports the totals and the health of the process', async () => {
  const { service, overview } = await startSignedIn()
  await register(service, 'ming', 'ming')
  const { totals, health } = await overview()
  expect(totals).toEqual({ users: 2, disabled: 0, identities: 1, sessions: 1, conflicts: 0 })
  expect(health).toMatchObject({ node: process.versions.node, version: '0.1.0' })
  expect(Date.parse(health.startedAt)).toBeLessThan(Date.now())
  for (const size of [health.heapBytes, health.rssBytes, health.databaseBytes])
    expect(size).toBeGreaterThan(100_000)
})

it('an appid that callers make up makes no row', async () => {
  const { service } = await startSignedIn()
  for (let i = 0; i < 20; i++)
    await reasonOf(service.client().miniLogin.mutate({ appId: `wxmadeup${i}`, code: 'x' }))
  const rows = service
    .database()
    .sqlite.prepare("select app_id, count from daily_counts where outcome = 'app_unknown'")
    .all()
  expect(rows).toEqual([{ app_id: '', count: 20 }])
})
