import { describe, expect, it } from 'vitest'
import {
  appId,
  login,
  otherAppId,
  reasonOf,
  register,
  startService,
  type TestService,
  ticketFor,
} from '../harness.ts'

const password = 'correct horse'
const day = 86_400_000

/** Signs in a person whose WeChat is bound. */
async function signIn(service: TestService, person: string, app = appId) {
  const result = await login(service, person, app)
  if (result.status !== 'signedIn') throw new Error(`${person} is ${result.status}`)
  return { user: result.user, client: service.client(result.tokens.accessToken) }
}

const bindByPassword = async (
  service: TestService,
  person: string,
  { account = 'ming', app = appId }: { account?: string; app?: string } = {},
) =>
  service.client().bind.mutate({
    proof: { appId: app, code: await service.code(person, app) },
    credential: { type: 'password', account, password },
  })

const bindByPhone = async (service: TestService, person: string, app: string, ticket?: string) =>
  service.client().bind.mutate({
    proof: { ticket: ticket ?? (await ticketFor(service, person, app)) },
    credential: { type: 'phone', code: await service.phoneCode(person, app) },
  })

const count = (service: TestService, sql: string): unknown =>
  service.database().sqlite.prepare(sql).pluck().get()

describe('with SIGN_UP=auto, a WeChat that was unbound', () => {
  it('comes back to its account by the password, although its launch has made a user of it', async () => {
    const service = await startService({ SIGN_UP: 'auto' })
    const { client, user } = await signIn(service, 'ming')
    const code = await service.code('ming')
    await client.account.changePassword.mutate({ code, newPassword: password, account: 'ming' })
    await client.identity.unbind.mutate({ appId })
    const auto = await signIn(service, 'ming')
    expect(auto.user.id).not.toBe(user.id)
    expect((await bindByPassword(service, 'ming')).user.id).toBe(user.id)
    expect(await reasonOf(auto.client.me.query())).toBe('unauthenticated')
    expect((await signIn(service, 'ming')).user.id).toBe(user.id)
    expect(count(service, 'select count(*) from users')).toBe(1)
  })

  it('stays with the user that it became once that user has something of its own', async () => {
    const service = await startService({ SIGN_UP: 'auto' })
    const { client } = await signIn(service, 'ming')
    const code = await service.code('ming')
    await client.account.changePassword.mutate({ code, newPassword: password, account: 'ming' })
    await client.identity.unbind.mutate({ appId })
    const auto = await signIn(service, 'ming')
    await auto.client.account.updateProfile.mutate({ nickname: '小明' })
    expect(await reasonOf(bindByPassword(service, 'ming'))).toBe('identity_taken')
    expect((await signIn(service, 'ming')).user.id).toBe(auto.user.id)
  })
})

describe('a number', () => {
  it('is no way to sign in by itself, but is one with a password', async () => {
    const service = await startService()
    await service.playWechat('person', { user: 'ming', phone: '13800138000' })
    const { tokens } = await bindByPhone(service, 'ming', appId)
    const client = service.client(tokens.accessToken)
    expect(await reasonOf(client.identity.unbind.mutate({ appId }))).toBe('last_credential')
    const code = await service.code('ming')
    await client.account.changePassword.mutate({ code, newPassword: password })
    await client.identity.unbind.mutate({ appId })
    service.passTime(1_000 * day)
    expect(await bindByPassword(service, 'ming', { account: '13800138000' })).toMatchObject({
      status: 'signedIn',
    })
  })

  it('is claimed by the unionid that WeChat returned last, whichever ticket is used', async () => {
    const service = await startService()
    await service.playWechat('person', { user: 'ming', unionid: 'one', phone: '13800138000' })
    await bindByPhone(service, 'ming', appId)
    await service.playWechat('person', { user: 'li', unionid: null, phone: '13800138000' })
    const without = await ticketFor(service, 'li', otherAppId)
    await service.playWechat('person', { user: 'li', unionid: 'other' })
    await ticketFor(service, 'li', otherAppId)
    expect(await reasonOf(bindByPhone(service, 'li', otherAppId, without))).toBe('phone_rejected')
    expect(count(service, 'select count(*) from users')).toBe(1)
  })

  it('that moves takes the password along that is of no use without it, and a first one can be set again', async () => {
    const service = await startService()
    await service.playWechat('person', { user: 'ming', phone: '13800138000' })
    const { tokens } = await bindByPhone(service, 'ming', appId)
    const client = service.client(tokens.accessToken)
    const first = { code: await service.code('ming'), newPassword: password }
    await client.account.changePassword.mutate(first)
    service
      .database()
      .sqlite.prepare('update users set phone_proven_at = ?')
      .run(service.now() - 91 * day)
    await service.playWechat('person', { user: 'hong', phone: '13800138000' })
    expect((await bindByPhone(service, 'hong', otherAppId)).newUser).toBe(true)
    const again = { code: await service.code('ming'), newPassword: 'another horse' }
    expect(await reasonOf(client.account.changePassword.mutate(again))).toBe('invalid_input')
    const named = { ...again, code: await service.code('ming'), account: 'ming' }
    expect(await client.account.changePassword.mutate(named)).toEqual({})
  })

  it.each(['13800138000', '+8613800138000', '+85261234567', '138-0013-8000'])(
    '%s is no name of an account',
    async (account) => {
      const service = await startService()
      const proof = { ticket: await ticketFor(service, 'ming') }
      const call = service.client().register.mutate({ proof, account, password })
      expect(await reasonOf(call)).toBe('invalid_input')
      const { tokens } = await bindByPhone(service, 'hong', appId)
      const first = { code: await service.code('hong'), newPassword: password, account }
      const named = service.client(tokens.accessToken).account.changePassword.mutate(first)
      expect(await reasonOf(named)).toBe('invalid_input')
    },
  )
})

it('unbinding everywhere ends a session that an earlier unbinding kept', async () => {
  const service = await startService()
  await service.playWechat('person', { user: 'ming', unionid: 'one' })
  const { tokens } = await register(service, 'ming', 'ming')
  const first = service.client(tokens.accessToken)
  const second = await signIn(service, 'ming', otherAppId)
  await second.client.identity.unbind.mutate({ appId: otherAppId })
  expect((await second.client.me.query()).session.appId).toBe(otherAppId)
  await first.identity.unbind.mutate({ appId, everywhere: true })
  expect(await reasonOf(second.client.me.query())).toBe('unauthenticated')
})

it('a deleted account takes the unused tickets of its WeChat along', async () => {
  const service = await startService()
  const ticket = await ticketFor(service, 'ming')
  const proof = { appId, code: await service.code('ming') }
  const { tokens } = await service.client().register.mutate({ proof, account: 'ming', password })
  const code = await service.code('ming')
  await service.client(tokens.accessToken).account.delete.mutate({ confirm: true, code })
  const again = service.client().register.mutate({ proof: { ticket }, account: 'hong', password })
  expect(await reasonOf(again)).toBe('ticket_rejected')
  expect(count(service, 'select count(*) from tickets')).toBe(0)
})
