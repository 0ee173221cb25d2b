import { describe, expect, it } from 'vitest'
import { createTestService, reasonOf, registerTestUser } from '../testing/index.ts'

describe('deleteAccount', () => {
  it('removes the user and everything personal, and keeps no origin in its audit line', async () => {
    const service = createTestService()
    const { signedIn, actor } = await registerTestUser(service, { account: 'ming' })
    await service.users.deleteAccount(actor)
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
      origin: null,
    })
    const lines = [...state.auditLines.values()]
    expect(lines.map(({ address, device }) => address ?? device)).toEqual([null, null])
  })
})
