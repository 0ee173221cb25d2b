import { describe, expect, it } from 'vitest'
import {
  createTestService,
  issueTestTicket,
  reasonOf,
  registerTestUser,
  signInTestUser,
  testOrigin,
  testPassword,
} from '../../testing/index.ts'

/** `ming`, who is bound in wx1 and in wx2, and calls from wx1. */
async function startWithTwo() {
  const service = createTestService()
  const ming = await registerTestUser(service, { account: 'ming' })
  const second = { appId: 'wx2', openid: 'openid in wx2' }
  service.clock.advance(1)
  const elsewhere = await service.users.bind({
    proof: { ticket: await issueTestTicket(service, second) },
    credential: { type: 'password', account: 'ming', password: testPassword },
    origin: testOrigin,
  })
  return { service, second, elsewhere, actor: ming.actor }
}

describe('listIdentities', () => {
  it('lists the identities of the caller and marks the one of the session', async () => {
    const { service, actor } = await startWithTwo()
    await registerTestUser(service, { account: 'hong' })
    const at = service.clock.now()
    expect(await service.users.listIdentities(actor.caller)).toEqual([
      {
        appId: 'wx1',
        boundAt: at - 1,
        current: true,
        boundBy: 'register',
        lastSeenAt: at - 1,
        device: testOrigin.device,
      },
      {
        appId: 'wx2',
        boundAt: at,
        current: false,
        boundBy: 'password',
        lastSeenAt: at,
        device: testOrigin.device,
      },
    ])
  })
})

describe('unbind', () => {
  it('removes the identity and ends the sessions that it opened', async () => {
    const { service, actor, second, elsewhere } = await startWithTwo()
    await service.users.unbind(actor, { appId: 'wx2' })
    expect(await reasonOf(service.users.authenticate(elsewhere.tokens.accessToken))).toBe(
      'unauthenticated',
    )
    expect(await service.users.listIdentities(actor.caller)).toMatchObject([{ appId: 'wx1' }])
    expect(await issueTestTicket(service, second)).toEqual(expect.any(String))
    expect(service.events.at(-2)).toMatchObject({
      action: 'unbind',
      outcome: 'ok',
      userId: actor.caller.user.id,
      appId: 'wx2',
      origin: testOrigin,
    })
  })

  it('keeps the session of the caller, also where its own identity is removed', async () => {
    const { service, actor } = await startWithTwo()
    await service.users.unbind(actor, { appId: 'wx1' })
    expect(await service.store.sessions.find(actor.caller.session.id)).not.toBeNull()
  })

  it('everywhere ends every session that this WeChat opened, the caller’s too', async () => {
    const service = createTestService()
    const ming = await registerTestUser(service, { account: 'ming', unionid: 'union' })
    const second = { appId: 'wx2', openid: 'openid in wx2', unionid: 'union' }
    const elsewhere = await signInTestUser(service, second)
    await service.users.unbind(ming.actor, { appId: 'wx2', everywhere: true })
    for (const { signedIn } of [ming, elsewhere])
      expect(await reasonOf(service.users.authenticate(signedIn.tokens.accessToken))).toBe(
        'unauthenticated',
      )
    for (const user of [ming.user, second])
      expect(await issueTestTicket(service, user)).toEqual(expect.any(String))
  })

  it('refuses an app in which the caller has no identity', async () => {
    const { service, actor } = await startWithTwo()
    expect(await reasonOf(service.users.unbind(actor, { appId: 'wx3' }))).toBe('not_found')
    expect(service.events.at(-1)).toMatchObject({ action: 'unbind', outcome: 'not_found' })
  })

  it('refuses to remove the last way to sign in', async () => {
    const service = createTestService({ policy: { signUp: 'auto' } })
    const user = { appId: 'wx1', openid: 'openid of ming' }
    const code = service.wechat.loginCode(user)
    const result = await service.users.miniLogin({ appId: 'wx1', code, origin: testOrigin })
    if (result.status !== 'signedIn') throw new Error(result.status)
    const caller = await service.users.authenticate(result.tokens.accessToken)
    const actor = { caller, origin: testOrigin }
    expect(await reasonOf(service.users.unbind(actor, { appId: 'wx1' }))).toBe('last_credential')
    expect(await service.users.listIdentities(caller)).toHaveLength(1)
    expect(service.events.at(-1)).toMatchObject({ outcome: 'last_credential' })
  })
})
