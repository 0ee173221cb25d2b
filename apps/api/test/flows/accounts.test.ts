import { readFileSync } from 'node:fs'
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
import { expectUnreadable } from '../readable.ts'

const password = 'correct horse'

async function signedUp(service: TestService, person = 'ming') {
  const { tokens, user } = await register(service, person, person)
  return { user, tokens, client: service.client(tokens.accessToken) }
}

async function another(service: TestService, person = 'ming', app = appId) {
  const result = await login(service, person, app)
  if (result.status !== 'signedIn') throw new Error(`${person} is ${result.status}`)
  return service.client(result.tokens.accessToken)
}

describe('profile', () => {
  it('changes the given fields and shows them in me', async () => {
    const service = await startService()
    const { client } = await signedUp(service)
    await client.account.updateProfile.mutate({
      nickname: ' 小明 ',
      avatarUrl: 'https://a.example/1.png',
    })
    await client.account.updateProfile.mutate({ nickname: '阿明' })
    expect((await client.me.query()).user).toMatchObject({
      nickname: '阿明',
      avatarUrl: 'https://a.example/1.png',
    })
    const { user } = await client.account.updateProfile.mutate({ nickname: null })
    expect(user.nickname).toBeNull()
  })

  it.each([
    { nickname: '' },
    { nickname: 'x'.repeat(33) },
    { nickname: 'a\u0000b' },
    { avatarUrl: 'http://a.example/1.png' },
    { avatarUrl: 'javascript:alert(1)' },
  ])('%j is refused', async (change) => {
    const service = await startService()
    const { client } = await signedUp(service)
    expect(await reasonOf(client.account.updateProfile.mutate(change))).toBe('invalid_input')
  })
})

describe('password', () => {
  it('a change ends every other session, and the old password is refused', async () => {
    const service = await startService()
    const { client } = await signedUp(service)
    const elsewhere = await another(service)
    const newPassword = 'battery staple'
    await client.account.changePassword.mutate({ currentPassword: password, newPassword })
    await client.me.query()
    expect(await reasonOf(elsewhere.me.query())).toBe('unauthenticated')
    const change = { currentPassword: password, newPassword: 'something else' }
    expect(await reasonOf(client.account.changePassword.mutate(change))).toBe('credential_rejected')
  })

  it('is not changed without the current one', async () => {
    const service = await startService()
    const { client } = await signedUp(service)
    const change = client.account.changePassword.mutate({ newPassword: 'battery staple' })
    expect(await reasonOf(change)).toBe('credential_rejected')
  })

  it('a common password is refused, when registering too', async () => {
    const service = await startService()
    const { client } = await signedUp(service)
    const change = { currentPassword: password, newPassword: 'Password123' }
    expect(await reasonOf(client.account.changePassword.mutate(change))).toBe('invalid_input')
    const proof = { ticket: await ticketFor(service, 'hong') }
    for (const guessed of ['iloveyou1', 'hong_hong', 'wechat123']) {
      const call = service.client().register.mutate({ proof, account: 'hong', password: guessed })
      expect(await reasonOf(call), guessed).toBe('invalid_input')
    }
  })

  it('has from 8 to 128 characters of any kind', async () => {
    const service = await startService()
    const { client } = await signedUp(service)
    let currentPassword = password
    for (const newPassword of ['xkqzvbwp', '        ', 'x'.repeat(64), '密'.repeat(128)]) {
      await client.account.changePassword.mutate({ currentPassword, newPassword })
      currentPassword = newPassword
    }
    for (const newPassword of ['xkqzvbw', 'x'.repeat(129)])
      expect(
        await reasonOf(client.account.changePassword.mutate({ currentPassword, newPassword })),
      ).toBe('invalid_input')
  })
})

describe('phone', () => {
  it('is bound to the calling account, and to one only', async () => {
    const service = await startService()
    const ming = await signedUp(service, 'ming')
    const hong = await signedUp(service, 'hong')
    await service.playWechat('person', { user: 'ming', phone: '13800138000' })
    await service.playWechat('person', { user: 'hong', phone: '13800138000' })
    const code = await service.phoneCode('ming')
    const { user } = await ming.client.account.bindPhone.mutate({ code })
    expect(user.phone).toBe('138****8000')
    const taken = hong.client.account.bindPhone.mutate({ code: await service.phoneCode('hong') })
    expect(await reasonOf(taken)).toBe('account_taken')
    const stolen = hong.client.account.bindPhone.mutate({ code: await service.phoneCode('ming') })
    expect(await reasonOf(stolen)).toBe('phone_rejected')
  })
})

describe('one number in every spelling of its country code', () => {
  it.each(['+86', '0086', ' 86', 86])('%j is 86', async (countryCode) => {
    const service = await startService()
    const ming = await signedUp(service, 'ming')
    const hong = await signedUp(service, 'hong')
    await service.playWechat('person', { user: 'ming', phone: '13800138000' })
    await service.playWechat('person', { user: 'hong', phone: '13800138000', countryCode })
    await ming.client.account.bindPhone.mutate({ code: await service.phoneCode('ming') })
    const taken = hong.client.account.bindPhone.mutate({ code: await service.phoneCode('hong') })
    expect(await reasonOf(taken)).toBe('account_taken')
  })
})

describe('a phone number with the password', () => {
  it('signs in, with the country code and without', async () => {
    const service = await startService()
    const { client } = await signedUp(service, 'ming')
    await service.playWechat('person', { user: 'ming', phone: '13800138000' })
    await client.account.bindPhone.mutate({ code: await service.phoneCode('ming') })
    const { user } = await client.me.query()
    for (const account of ['13800138000', '+86 138-0013-8000', '008613800138000']) {
      const signedIn = await service.client().bind.mutate({
        proof: { ticket: await ticketFor(service, `phone of ${account}`, otherAppId) },
        credential: { type: 'password', account, password },
      })
      expect(signedIn.user.id).toBe(user.id)
      await client.identity.unbind.mutate({ appId: otherAppId })
    }
  })
})

describe('identities', () => {
  it('are listed and unbound one app at a time, except for the last way to sign in', async () => {
    const service = await startService()
    const made = await service.client().bind.mutate({
      proof: { ticket: await ticketFor(service, 'ming') },
      credential: { type: 'phone', code: await service.phoneCode('ming') },
    })
    service.database().sqlite.prepare('update users set phone = null').run()
    const client = service.client(made.tokens.accessToken)
    expect(await reasonOf(client.identity.unbind.mutate({ appId }))).toBe('last_credential')
    await another(service, 'ming', otherAppId)
    const { identities } = await client.identity.list.query()
    expect(identities.map((each) => [each.appId, each.current])).toEqual([
      [appId, true],
      [otherAppId, false],
    ])
    expect(await client.identity.unbind.mutate({ appId: otherAppId })).toEqual({})
    expect(await reasonOf(client.identity.unbind.mutate({ appId: otherAppId }))).toBe('not_found')
  })

  it('everywhere ends every session of the WeChat, and no launch signs it in again', async () => {
    const service = await startService()
    const { client } = await signedUp(service)
    const elsewhere = await another(service, 'ming', otherAppId)
    const { identities } = await client.identity.list.query()
    expect(identities.map(({ boundBy }) => boundBy)).toEqual(['register', 'unionid'])
    await elsewhere.identity.unbind.mutate({ appId: otherAppId, everywhere: true })
    for (const ended of [client, elsewhere])
      expect(await reasonOf(ended.me.query())).toBe('unauthenticated')
    for (const app of [appId, otherAppId])
      expect((await login(service, 'ming', app)).status).toBe('unbound')
  })
})

describe('sessions', () => {
  it('are listed with their devices, and ended one by one or all but this', async () => {
    const service = await startService()
    const { client } = await signedUp(service)
    const second = await another(service)
    await another(service)
    const { sessions } = await client.session.list.query()
    expect(sessions).toHaveLength(3)
    expect(sessions.filter(({ current }) => current)).toHaveLength(1)
    expect(sessions[0]?.device).toBe('node')
    const { session } = await second.me.query()
    await client.session.revoke.mutate({ sessionId: session.id })
    expect(await reasonOf(second.me.query())).toBe('unauthenticated')
    const again = client.session.revoke.mutate({ sessionId: session.id })
    expect(await reasonOf(again)).toBe('not_found')
    expect(await client.session.revokeOthers.mutate()).toEqual({ revoked: 1 })
    await client.me.query()
  })

  it('of somebody else are not found', async () => {
    const service = await startService()
    const ming = await signedUp(service, 'ming')
    const hong = await signedUp(service, 'hong')
    const { session } = await hong.client.me.query()
    const call = ming.client.session.revoke.mutate({ sessionId: session.id })
    expect(await reasonOf(call)).toBe('not_found')
    await hong.client.me.query()
  })

  it('end after twelve idle times, however often they are refreshed', async () => {
    const service = await startService({ REFRESH_TOKEN_TTL: '600' })
    let { refreshToken } = (await signedUp(service)).tokens
    for (let minutes = 0; minutes < 119; minutes += 9) {
      const next = await service.client().session.refresh.mutate({ refreshToken })
      refreshToken = next.refreshToken
      service.passTime(9 * 60_000)
    }
    const late = service.client().session.refresh.mutate({ refreshToken })
    expect(await reasonOf(late)).toBe('unauthenticated')
  })
})

describe('an access token alone', () => {
  it('sets no first password and deletes no account', async () => {
    const service = await startService()
    const made = await service.client().bind.mutate({
      proof: { ticket: await ticketFor(service, 'ming') },
      credential: { type: 'phone', code: await service.phoneCode('ming') },
    })
    const { account } = service.client(made.tokens.accessToken)
    const newPassword = 'battery staple'
    for (const code of [undefined, await service.code('thief')]) {
      const set = account.changePassword.mutate({ code, newPassword, account: 'thief' })
      expect(await reasonOf(set)).toBe('proof_required')
    }
    for (const code of [undefined, await service.code('thief')])
      expect(await reasonOf(account.delete.mutate({ confirm: true, code }))).toBe('proof_required')
    await account.changePassword.mutate({ code: await service.code('ming'), newPassword })
    await account.delete.mutate({ confirm: true, code: await service.code('ming') })
    expect((await login(service, 'ming')).status).toBe('unbound')
  })
})

describe('deleting an account', () => {
  it('leaves nothing personal in the database files', async () => {
    const service = await startService()
    const { client } = await signedUp(service, 'delete-me')
    const nickname = 'nickname-to-forget'
    await client.account.updateProfile.mutate({ nickname })
    await service.playWechat('person', { user: 'delete-me', phone: '13912345678' })
    await client.account.bindPhone.mutate({ code: await service.phoneCode('delete-me') })
    expect(await reasonOf(client.account.delete.mutate({ confirm: false as true }))).toBe(
      'invalid_input',
    )
    const { openid } = service.database().sqlite.prepare('select openid from identities').get() as {
      openid: string
    }
    const path = service.database().sqlite.name
    const files = () => Buffer.concat([path, `${path}-wal`].map((file) => readFileSync(file)))
    const readable = ['delete-me', nickname, openid]
    for (const secret of readable) expect(files().includes(secret), secret).toBe(true)
    const code = await service.code('delete-me')
    await client.account.delete.mutate({ confirm: true, code })
    expect(await reasonOf(client.me.query())).toBe('unauthenticated')
    for (const secret of [...readable, '13912345678']) expectUnreadable(files(), secret)
    expect((await login(service, 'delete-me')).status).toBe('unbound')
  })
})
