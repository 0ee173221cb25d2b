import { describe, expect, it } from 'vitest'
import { createTestService, reasonOf, registerTestUser, testOrigin } from '../testing/index.ts'

describe('deleteAccount', () => {
  it('removes the user and everything personal, and leaves the audit log under a pseudonym', async () => {
    const service = createTestService()
    const { signedIn, actor, user } = await registerTestUser(service, { account: 'ming' })
    await service.users.deleteAccount(actor, service.wechat.loginCode(user))
    const { state } = service.store
    expect([state.users.size, state.identities.size, state.sessions.size]).toEqual([0, 0, 0])
    expect(await reasonOf(service.users.authenticate(signedIn.tokens.accessToken))).toBe(
      'unauthenticated',
    )
    expect(service.events.at(-1)).toMatchObject({
      action: 'account_delete',
      outcome: 'ok',
      userId: signedIn.user.id,
      appId: 'wx1',
      origin: testOrigin,
    })
    const lines = [...state.auditLines.values()]
    const [pseudonym] = lines.map(({ userId }) => userId)
    expect(pseudonym).not.toBe(signedIn.user.id)
    expect(lines).toMatchObject([
      { action: 'register', userId: pseudonym, ...testOrigin },
      { action: 'account_delete', userId: pseudonym, ...testOrigin },
    ])
  })

  it('needs a login code of the WeChat of the session, and keeps the origin of a refusal', async () => {
    const service = createTestService()
    const { actor } = await registerTestUser(service, { account: 'ming' })
    const thief = service.wechat.loginCode({ appId: 'wx1', openid: 'openid of a thief' })
    const elsewhere = service.wechat.loginCode({ appId: 'wx2', openid: 'openid of ming' })
    expect(await reasonOf(service.users.deleteAccount(actor, undefined))).toBe('proof_required')
    expect(await reasonOf(service.users.deleteAccount(actor, thief))).toBe('proof_required')
    expect(await reasonOf(service.users.deleteAccount(actor, elsewhere))).toBe('code_rejected')
    expect(service.store.state.users.size).toBe(1)
    expect(service.events.at(-2)).toMatchObject({
      action: 'account_delete',
      outcome: 'proof_required',
      origin: testOrigin,
    })
  })
})
