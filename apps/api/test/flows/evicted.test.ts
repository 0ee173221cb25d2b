import { beforeEach, expect, it } from 'vitest'
import {
  appId,
  login,
  otherAppId,
  reasonOf,
  startService,
  type TestService,
  ticketFor,
} from '../harness.ts'

const password = 'correct horse'

const signIn = async (service: TestService, person: string, app: string) => {
  const result = await login(service, person, app)
  if (result.status !== 'signedIn') throw new Error(`${person} is ${result.status}`)
  return { user: result.user, client: service.client(result.tokens.accessToken) }
}

const bindByPassword = async (service: TestService, person: string, given = password) =>
  service.client().bind.mutate({
    proof: { appId: otherAppId, code: await service.code(person, otherAppId) },
    credential: { type: 'password', account: 'ming', password: given },
  })

let service: TestService
let owner: ReturnType<TestService['client']>

async function start(unionid: string | null, config: Record<string, string> = {}) {
  service = await startService(config)
  await service.playWechat('person', { user: 'ming', unionid })
  const proof = { appId, code: await service.code('ming') }
  const { tokens } = await service.client().register.mutate({ proof, account: 'ming', password })
  owner = service.client(tokens.accessToken)
}

beforeEach(() => start('one'))

it('a WeChat that unbound itself keeps no session once the owner signs in to the app', async () => {
  const bound = await bindByPassword(service, 'thief')
  const thief = service.client(bound.tokens.accessToken)
  await thief.identity.unbind.mutate({ appId: otherAppId })
  expect((await thief.me.query()).session.appId).toBe(otherAppId)
  await signIn(service, 'ming', otherAppId)
  expect(await reasonOf(thief.me.query())).toBe('unauthenticated')
  const { refreshToken } = bound.tokens
  expect(await reasonOf(service.client().session.refresh.mutate({ refreshToken }))).toBe(
    'unauthenticated',
  )
})

it('a WeChat that was unbound does not come back by a number of its own', async () => {
  await start(null)
  await service.playWechat('person', { user: 'thief', unionid: null })
  const { tokens } = await bindByPassword(service, 'thief')
  const code = await service.phoneCode('thief', otherAppId)
  await service.client(tokens.accessToken).account.bindPhone.mutate({ code })
  await owner.identity.unbind.mutate({ appId: otherAppId })
  service.database().sqlite.exec('update users set password_hash = null')
  const claim = service.client().bind.mutate({
    proof: { ticket: await ticketFor(service, 'thief', otherAppId) },
    credential: { type: 'phone', code: await service.phoneCode('thief', otherAppId) },
  })
  expect(await reasonOf(claim)).toBe('phone_rejected')
})

it('wrong passwords of a stranger do not keep the owner from changing a leaked one', async () => {
  for (let count = 0; count < 10; count++)
    expect(await reasonOf(bindByPassword(service, 'stranger', 'wrong'))).toBe('credential_rejected')
  expect(await reasonOf(bindByPassword(service, 'stranger'))).toBe('rate_limited')
  const change = { currentPassword: password, newPassword: 'another horse battery' }
  expect(await owner.account.changePassword.mutate(change)).toEqual({})
})

it('with SIGN_UP=auto, a WeChat comes back to its account after launches in two apps', async () => {
  await start('one', { SIGN_UP: 'auto' })
  const { id } = (await owner.me.query()).user
  await owner.identity.unbind.mutate({ appId })
  const auto = await signIn(service, 'ming', appId)
  expect((await signIn(service, 'ming', otherAppId)).user.id).toBe(auto.user.id)
  expect((await bindByPassword(service, 'ming')).user.id).toBe(id)
  expect(await reasonOf(auto.client.me.query())).toBe('unauthenticated')
})
