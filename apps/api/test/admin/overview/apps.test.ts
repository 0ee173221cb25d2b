import { expect, it } from 'vitest'
import { appId, login, otherAppId, reasonOf, register } from '../../harness.ts'
import { enrol, startWithAdministrator } from '../client.ts'

const path = '/cgi-bin/stable_token'

async function startSignedIn(env: Record<string, string> = {}) {
  const service = await startWithAdministrator(env)
  const { browser } = await enrol(service)
  return { service, apps: browser.admin.apps, admin: browser.admin }
}

it('an app that is set up well is found so, by asking WeChat each time', async () => {
  const { service, apps } = await startSignedIn()
  for (const _time of [1, 2])
    expect(await apps.test.mutate({ appId })).toMatchObject({
      finding: 'ok',
      errcode: 0,
      address: null,
    })
  expect(await service.wechatCalls(path)).toBe(2)
})

it('a cached token does not hide a changed secret', async () => {
  const { service, apps } = await startSignedIn()
  await register(service, 'ming', 'ming')
  const result = await login(service, 'ming')
  const token = result.status === 'signedIn' ? result.tokens.accessToken : ''
  await service.client(token).account.bindPhone.mutate({ code: await service.phoneCode('ming') })
  await service.playWechat('fault', { kind: 'errcode', errcode: 40125, path })
  expect(await apps.test.mutate({ appId })).toMatchObject({ finding: 'secret_rejected' })
})

it.each([
  [40013, 'appid_rejected', null],
  [41002, 'appid_rejected', null],
  [40125, 'secret_rejected', null],
  [40001, 'secret_rejected', null],
  [41004, 'secret_rejected', null],
  [40164, 'address_not_allowed', '203.0.113.7'],
  [45009, 'quota_used_up', null],
  [45011, 'quota_used_up', null],
  [-1, 'busy', null],
  [48001, 'unexpected', null],
])('WeChat answering %i means %s', async (errcode, finding, address) => {
  const { service, apps } = await startSignedIn()
  await service.playWechat('fault', { kind: 'errcode', errcode, path })
  expect(await apps.test.mutate({ appId })).toMatchObject({ finding, errcode, address })
})

it.each(['down', 'http500', 'garbage', 'cut'])(
  'a WeChat that is %s is unreachable',
  async (kind) => {
    const { service, apps } = await startSignedIn()
    await service.playWechat('fault', { kind, path })
    expect(await apps.test.mutate({ appId })).toMatchObject({
      finding: 'unreachable',
      errcode: null,
    })
  },
)

it('an app that is not configured is not asked about', async () => {
  const { service, apps } = await startSignedIn()
  expect(await reasonOf(apps.test.mutate({ appId: 'wxffffffffffffffff' }))).toBe('app_unknown')
  expect(await service.wechatCalls(path)).toBe(0)
})

it('the list shows every configured app with its sign-ins', async () => {
  const { service, apps } = await startSignedIn()
  await register(service, 'ming', 'ming')
  await login(service, 'ming')
  const { apps: listed } = await apps.list.query()
  expect(listed).toEqual([
    { appId, identities: 1, signInsToday: 2, lastSignInAt: expect.any(String) },
    { appId: otherAppId, identities: 0, signInsToday: 0, lastSignInAt: null },
  ])
})
