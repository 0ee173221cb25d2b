import { describe, expect, it } from 'vitest'
import {
  createTestService,
  failureOf,
  openFirstFactor,
  reasonOf,
  startSecondSignIn,
  type TestService,
  testOrigin,
} from '../../../testing/index.ts'

const limit = (adminId: string): string => `wrong code of administrator ${adminId}`

const proveCode = ({ admin }: TestService, token: string | null, code: string) =>
  admin.proveCode({ token, code, browserToken: null, origin: testOrigin })

/** A code of six digits that is not the right one, and matches no time step nearby. */
const wrongCode = '000000'

describe('a recovery code', () => {
  it('stands for a code of the app, once', async () => {
    const { service, token, recoveryCodes, adminId } = await startSecondSignIn()
    const [first = '', second = ''] = recoveryCodes
    const result = await proveCode(service, token, first)
    expect(await service.admin.authenticate(result.token)).toMatchObject({ recoveryCodesLeft: 9 })
    const again = await openFirstFactor(service)
    expect(await reasonOf(proveCode(service, again, first))).toBe('credential_rejected')
    expect(service.usesOf(limit(adminId))).toBe(1)
    expect(await proveCode(service, again, second)).toMatchObject({ recoveryCodes: [] })
  })

  it.each(['1234567', '12345', '123456-a', 'a-123456'])(
    'is any text but exactly six digits: %s',
    async (recoveryCode) => {
      const { service, actor, code } = await startSecondSignIn()
      const recoveryCodes = { ...service.ports.recoveryCodes, draw: () => [recoveryCode] }
      const { admin } = createTestService({ ports: { ...service.ports, recoveryCodes } })
      await admin.renewRecoveryCodes(actor, code())
      const token = await openFirstFactor(service)
      expect(await proveCode(service, token, recoveryCode)).toMatchObject({ recoveryCodes: [] })
    },
  )
})

describe('renewRecoveryCodes', () => {
  it('gives ten new codes for a code of the app, and the old ones are void', async () => {
    const { service, actor, adminId, token, code, recoveryCodes } = await startSecondSignIn()
    const renewed = await service.admin.renewRecoveryCodes(actor, code())
    expect(renewed).toHaveLength(10)
    expect(renewed).not.toEqual(recoveryCodes)
    expect(service.usesOf(limit(adminId))).toBe(0)
    expect(service.events.at(-1)).toMatchObject({
      action: 'admin.operator.renewRecoveryCodes',
      outcome: 'ok',
      userId: adminId,
      adminId,
      origin: testOrigin,
    })
    const [old = ''] = recoveryCodes
    expect(await reasonOf(proveCode(service, token, old))).toBe('credential_rejected')
    expect(await proveCode(service, token, renewed[0] ?? '')).toMatchObject({ recoveryCodes: [] })
  })

  it('takes a recovery code too, and no code twice', async () => {
    const { service, actor, code, recoveryCodes } = await startSecondSignIn()
    await service.admin.renewRecoveryCodes(actor, recoveryCodes[0] ?? '')
    await service.admin.renewRecoveryCodes(actor, code())
    expect(await reasonOf(service.admin.renewRecoveryCodes(actor, code()))).toBe(
      'credential_rejected',
    )
  })

  it('counts wrong codes for the session, and those of strangers do not refuse it', async () => {
    const { service, actor, adminId, token, code } = await startSecondSignIn()
    for (let count = 0; count < 5; count++) await failureOf(proveCode(service, token, wrongCode))
    expect(service.usesOf(limit(adminId))).toBe(5)
    for (let count = 0; count < 5; count++)
      expect(await reasonOf(service.admin.renewRecoveryCodes(actor, wrongCode))).toBe(
        'credential_rejected',
      )
    expect(service.usesOf(limit(adminId))).toBe(5)
    expect(await reasonOf(service.admin.renewRecoveryCodes(actor, code()))).toBe('rate_limited')
    expect(await service.store.administrators.secondFactorOf(adminId)).toMatchObject({
      recoveryCodesLeft: 10,
    })
    expect(service.events.at(-1)).toMatchObject({ outcome: 'rate_limited', adminId })
  })

  it('is refused to an administrator without a second factor', async () => {
    const { service, actor, adminId, code } = await startSecondSignIn()
    service.store.state.factors.delete(adminId)
    expect(await reasonOf(service.admin.renewRecoveryCodes(actor, code()))).toBe('unauthenticated')
    expect(service.usesOf(limit(adminId))).toBe(0)
  })
})
