import { describe, expect, it } from 'vitest'
import { appId, login, otherAppId, reasonOf, startService, ticketFor } from '../harness.ts'

const password = 'correct horse'
const code2Session = '/sns/jscode2session'

describe('a login code', () => {
  it('is sent to WeChat once, even for 64 concurrent calls', async () => {
    const service = await startService()
    const code = await service.code('ming')
    const call = () => service.client().miniLogin.mutate({ appId, code })
    const results = await Promise.allSettled(Array.from({ length: 64 }, call))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await reasonOf(call())).toBe('code_used')
    expect(await service.wechatCalls(code2Session)).toBe(1)
  })

  it('is not sent again when WeChat did not answer, because it may be consumed', async () => {
    const service = await startService()
    await service.playWechat('fault', { kind: 'lost', times: 1 })
    const code = await service.code('ming')
    const call = () => reasonOf(service.client().miniLogin.mutate({ appId, code }))
    expect(await call()).toBe('wechat_unavailable')
    expect(await call()).toBe('code_used')
    expect(await service.wechatCalls(code2Session)).toBe(1)
  })
})

describe('a reply that was lost', () => {
  it('of register can be asked for again with the same ticket, for a minute', async () => {
    const service = await startService()
    const proof = { ticket: await ticketFor(service, 'ming') }
    const call = (change: object = {}) =>
      service.client().register.mutate({ proof, account: 'ming', password, ...change })
    const first = await call()
    const second = await call()
    expect(second.user).toEqual(first.user)
    expect(second.tokens.refreshToken).not.toBe(first.tokens.refreshToken)
    expect(await reasonOf(call({ account: 'somebody-else' }))).toBe('ticket_rejected')
    expect(await reasonOf(call({ password: 'another password' }))).toBe('ticket_rejected')
    service.passTime(60_000)
    expect(await reasonOf(call())).toBe('ticket_rejected')
  })

  it('of bind by password can be asked for again', async () => {
    const service = await startService()
    await service.client().register.mutate({
      proof: { ticket: await ticketFor(service, 'ming') },
      account: 'ming',
      password,
    })
    const proof = { ticket: await ticketFor(service, 'hong', otherAppId) }
    const call = (secret: string) =>
      service
        .client()
        .bind.mutate({ proof, credential: { type: 'password', account: 'ming', password: secret } })
    const first = await call(password)
    expect((await call(password)).user).toEqual(first.user)
    expect(await reasonOf(call('wrong password'))).toBe('credential_rejected')
  })

  it('of bind by phone can be asked for again, without asking WeChat again', async () => {
    const service = await startService()
    const proof = { ticket: await ticketFor(service, 'ming') }
    const code = await service.phoneCode('ming')
    const call = (phoneCode: string) =>
      service.client().bind.mutate({ proof, credential: { type: 'phone', code: phoneCode } })
    const first = await call(code)
    expect((await call(code)).user).toEqual(first.user)
    expect(await service.wechatCalls('/wxa/business/getuserphonenumber')).toBe(1)
    const other = call(await service.phoneCode('ming'))
    expect(await reasonOf(other)).toBe('ticket_rejected')
  })
})

describe('one person, two apps', () => {
  it('the same openid text in two apps is two people', async () => {
    const service = await startService()
    await service.playWechat('openid', { appId, user: 'ming', openid: 'same-openid' })
    await service.playWechat('openid', { appId: otherAppId, user: 'hong', openid: 'same-openid' })
    const ming = await service.client().register.mutate({
      proof: { ticket: await ticketFor(service, 'ming') },
      account: 'ming',
      password,
    })
    const hong = await service.client().register.mutate({
      proof: { ticket: await ticketFor(service, 'hong', otherAppId) },
      account: 'hong',
      password,
    })
    expect(hong.user.id).not.toBe(ming.user.id)
    expect(await login(service, 'ming')).toMatchObject({ user: { account: 'ming' } })
    expect(await login(service, 'hong', otherAppId)).toMatchObject({ user: { account: 'hong' } })
  })

  it('a unionid that appears later merges no users, and the conflict is recorded once', async () => {
    const service = await startService()
    await service.playWechat('person', { user: 'ming', unionid: null })
    for (const [account, app] of [
      ['ming-one', appId],
      ['ming-two', otherAppId],
    ] as const)
      await service.client().register.mutate({
        proof: { ticket: await ticketFor(service, 'ming', app) },
        account,
        password,
      })
    await service.playWechat('person', { user: 'ming', unionid: 'late-unionid' })
    for (const app of [appId, otherAppId, appId]) await login(service, 'ming', app)
    expect(await login(service, 'ming')).toMatchObject({ user: { account: 'ming-one' } })
    expect(await login(service, 'ming', otherAppId)).toMatchObject({
      user: { account: 'ming-two' },
    })
    const conflicts = service.database().sqlite.prepare('select * from unionid_conflicts').all()
    expect(conflicts).toHaveLength(1)
  })
})
