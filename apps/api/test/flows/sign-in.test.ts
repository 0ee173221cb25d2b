import { phoneOf } from '@mianmi/wechat-sandbox'
import { describe, expect, it } from 'vitest'
import {
  appId,
  login,
  otherAppId,
  reasonOf,
  register,
  startService,
  ticketFor,
} from '../harness.ts'

const password = 'correct horse'

describe('miniLogin', () => {
  it('an unknown identity gets a ticket, binds once, and is signed in silently from then on', async () => {
    const service = await startService()
    const first = await login(service, 'ming')
    expect(first).toEqual({
      status: 'unbound',
      ticket: expect.stringMatching(/^[\w-]{43}$/),
      ticketExpiresAt: expect.stringMatching(/^\d{4}-.*Z$/),
    })
    const ticket = first.status === 'unbound' ? first.ticket : ''
    const made = await service
      .client()
      .register.mutate({ proof: { ticket }, account: 'Ming', password })
    expect(made).toMatchObject({ status: 'signedIn', newUser: true, user: { account: 'Ming' } })
    const second = await login(service, 'ming')
    expect(second).toMatchObject({ status: 'signedIn', newUser: false, user: made.user })
    if (second.status !== 'signedIn') throw new Error('not signed in')
    const me = await service.client(second.tokens.accessToken).me.query()
    expect(me.user).toEqual(made.user)
    expect(me.session.appId).toBe(appId)
    expect(me.session.expiresAt).toBe(second.tokens.refreshTokenExpiresAt)
  })

  it('the same unionid in two apps is the same user, without asking for anything', async () => {
    const service = await startService()
    const { user } = await register(service, 'ming', 'ming')
    const elsewhere = await login(service, 'ming', otherAppId)
    expect(elsewhere).toMatchObject({ status: 'signedIn', newUser: false, user: { id: user.id } })
  })

  it('SIGN_UP=auto creates a user at once, and one only for 64 concurrent first logins', async () => {
    const service = await startService({ SIGN_UP: 'auto', RATE_LIMIT_FACTOR: '100' })
    const codes = await Promise.all(Array.from({ length: 64 }, () => service.code('ming')))
    const results = await Promise.all(
      codes.map((code) => service.client().miniLogin.mutate({ appId, code })),
    )
    const users = results.map((result) => (result.status === 'signedIn' ? result.user.id : ''))
    expect(new Set(users).size).toBe(1)
    expect(results.filter((r) => r.status === 'signedIn' && r.newUser)).toHaveLength(1)
  })

  it('a code works once', async () => {
    const service = await startService()
    const code = await service.code('ming')
    await service.client().miniLogin.mutate({ appId, code })
    expect(await reasonOf(service.client().miniLogin.mutate({ appId, code }))).toBe('code_used')
  })

  it('an invented code, an unknown app and an expired code have different reasons', async () => {
    const service = await startService()
    const call = (app: string, code: string) =>
      reasonOf(service.client().miniLogin.mutate({ appId: app, code }))
    expect(await call(appId, 'made-up')).toBe('code_rejected')
    expect(await call('wxffffffffffffffff', 'made-up')).toBe('app_unknown')
    const code = await service.code('ming')
    service.passTime(5 * 60_000 + 1)
    expect(await call(appId, code)).toBe('code_rejected')
  })
})

describe('bind', () => {
  it('binds a second WeChat identity to an account in another app by its password', async () => {
    const service = await startService()
    const { user } = await register(service, 'ming', 'ming')
    const proof = { ticket: await ticketFor(service, 'hong', otherAppId) }
    const credential = { type: 'password', account: 'ＭＩＮＧ', password } as const
    const bound = await service.client().bind.mutate({ proof, credential })
    expect(bound).toMatchObject({ newUser: false, user: { id: user.id } })
    expect(await login(service, 'hong', otherAppId)).toMatchObject({ user: { id: user.id } })
  })

  it('accepts a fresh login code instead of a ticket', async () => {
    const service = await startService()
    await register(service, 'ming', 'ming')
    const proof = { appId: otherAppId, code: await service.code('hong', otherAppId) }
    const credential = { type: 'password', account: 'ming', password } as const
    expect(await service.client().bind.mutate({ proof, credential })).toMatchObject({
      status: 'signedIn',
    })
  })

  it('refuses a wrong password and an unknown account alike, and keeps the ticket', async () => {
    const service = await startService()
    await register(service, 'ming', 'ming')
    const proof = { ticket: await ticketFor(service, 'hong', otherAppId) }
    const attempt = (account: string, secret: string) =>
      service
        .client()
        .bind.mutate({ proof, credential: { type: 'password', account, password: secret } })
    expect(await reasonOf(attempt('ming', 'wrong password'))).toBe('credential_rejected')
    expect(await reasonOf(attempt('no-such-user', password))).toBe('credential_rejected')
    expect((await attempt('ming', password)).status).toBe('signedIn')
  })

  it('five wrong passwords burn a ticket, however many come at once', async () => {
    const service = await startService()
    await register(service, 'ming', 'ming')
    const proof = { ticket: await ticketFor(service, 'hong', otherAppId) }
    const attempt = (secret: string) =>
      reasonOf(
        service.client().bind.mutate({
          proof,
          credential: { type: 'password', account: 'ming', password: secret },
        }),
      )
    const reasons = await Promise.all(Array.from({ length: 12 }, (_, i) => attempt(`wrong-${i}`)))
    expect(reasons.filter((reason) => reason === 'credential_rejected')).toHaveLength(5)
    expect(reasons.filter((reason) => reason === 'ticket_rejected')).toHaveLength(7)
    expect(await attempt(password)).toBe('ticket_rejected')
  })

  it('one of 64 concurrent binds with one ticket succeeds', async () => {
    const service = await startService()
    const proof = { ticket: await ticketFor(service, 'ming') }
    const results = await Promise.allSettled(
      Array.from({ length: 64 }, (_, i) =>
        service.client().register.mutate({ proof, account: `ming-${i}`, password }),
      ),
    )
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    const count = service.database().sqlite.prepare('select count(*) as n from users').get()
    expect(count).toEqual({ n: 1 })
  })

  it('a ticket expires', async () => {
    const service = await startService({ TICKET_TTL: '60' })
    const proof = { ticket: await ticketFor(service, 'ming') }
    service.passTime(60_001)
    const call = service.client().register.mutate({ proof, account: 'ming', password })
    expect(await reasonOf(call)).toBe('ticket_rejected')
  })

  it('an identity of somebody else and a second identity in the app are refused', async () => {
    const service = await startService()
    await register(service, 'ming', 'ming')
    await register(service, 'hong', 'hong')
    const bind = async (user: string, account: string) =>
      service.client().bind.mutate({
        proof: { appId, code: await service.code(user) },
        credential: { type: 'password', account, password },
      })
    expect(await reasonOf(bind('ming', 'hong'))).toBe('identity_taken')
    expect(await reasonOf(bind('wang', 'hong'))).toBe('account_taken')
    expect((await bind('ming', 'ming')).status).toBe('signedIn')
  })

  it('a disabled user is refused at every entry point', async () => {
    const service = await startService()
    const { tokens } = await register(service, 'ming', 'ming')
    service.database().sqlite.prepare('update users set disabled_at = 1').run()
    expect(await reasonOf(login(service, 'ming'))).toBe('user_disabled')
    expect(await reasonOf(service.client(tokens.accessToken).me.query())).toBe('user_disabled')
    const { refreshToken } = tokens
    const refresh = service.client().session.refresh.mutate({ refreshToken })
    expect(await reasonOf(refresh)).toBe('user_disabled')
  })
})

describe('bind by phone', () => {
  const bindPhone = async (
    service: Awaited<ReturnType<typeof startService>>,
    user: string,
    app = appId,
  ) =>
    service.client().bind.mutate({
      proof: { ticket: await ticketFor(service, user, app) },
      credential: { type: 'phone', code: await service.phoneCode(user, app) },
    })

  it('an unknown number creates a user, whose number is shown masked', async () => {
    const service = await startService()
    const made = await bindPhone(service, 'ming')
    expect(made).toMatchObject({ newUser: true, user: { account: null } })
    expect(made.user.phone).toMatch(/^\d{3}\*{4}\d{4}$/)
  })

  it('a number whose user has a password or another WeChat here is not handed over', async () => {
    const service = await startService()
    await bindPhone(service, 'ming')
    const phone = service
      .database()
      .sqlite.prepare('select phone, phone_key as key, phone_proven_at as provenAt from users')
      .get()
    await register(service, 'hong', 'hong')
    service.database().sqlite.prepare('delete from users where account is null').run()
    service
      .database()
      .sqlite.prepare(
        'update users set phone = @phone, phone_key = @key, phone_proven_at = @provenAt',
      )
      .run(phone)
    expect(await reasonOf(bindPhone(service, 'ming', otherAppId))).toBe('phone_rejected')
  })

  it('a number that was handed on opens no account of its former owner', async () => {
    const service = await startService()
    const { user: former } = await bindPhone(service, 'ming')
    await service.playWechat('person', { user: 'hong', phone: phoneOf('ming') })
    expect(await reasonOf(bindPhone(service, 'hong', otherAppId))).toBe('phone_rejected')
    service
      .database()
      .sqlite.prepare('update users set phone_proven_at = ?')
      .run(service.now() - 91 * 86_400_000)
    const next = await bindPhone(service, 'hong', otherAppId)
    expect(next).toMatchObject({ newUser: true, user: { phone: former.phone } })
    expect(next.user.id).not.toBe(former.id)
    const again = await login(service, 'ming')
    expect(again).toMatchObject({ status: 'signedIn', user: { id: former.id, phone: null } })
  })

  it('a phone code of somebody else is refused', async () => {
    const service = await startService()
    const call = service.client().bind.mutate({
      proof: { ticket: await ticketFor(service, 'ming') },
      credential: { type: 'phone', code: await service.phoneCode('hong') },
    })
    expect(await reasonOf(call)).toBe('phone_rejected')
  })
})

describe('register', () => {
  it('an account name is taken in every spelling of it', async () => {
    const service = await startService()
    await register(service, 'ming', 'Alice')
    for (const account of ['alice', 'ALICE', 'Ａｌｉｃｅ'])
      expect(await reasonOf(register(service, `p-${account}`, account))).toBe('account_taken')
  })

  it('a refused name leaves the ticket good for another', async () => {
    const service = await startService()
    await register(service, 'ming', 'alice')
    const proof = { ticket: await ticketFor(service, 'hong') }
    const attempt = (account: string) =>
      service.client().register.mutate({ proof, account, password })
    for (let i = 0; i < 4; i++) expect(await reasonOf(attempt('alice'))).toBe('account_taken')
    expect((await attempt('hong')).user.account).toBe('hong')
  })

  it('one of concurrent registrations for a name gets it', async () => {
    const service = await startService()
    const people = Array.from({ length: 16 }, (_, i) => `person-${i}`)
    const tickets = await Promise.all(people.map((person) => ticketFor(service, person)))
    const reasons = await Promise.allSettled(
      tickets.map((ticket) =>
        service.client().register.mutate({ proof: { ticket }, account: 'alice', password }),
      ),
    )
    expect(reasons.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })
})
