import { describe, expect, it } from 'vitest'
import {
  createTestService,
  encryptOpenData,
  type OpenDataDraft,
  reasonOf,
  registerTestUser,
  signInTestUser,
  testOrigin,
} from '../../testing/index.ts'

/** `ming`, whose session key was `first` and is `second` now. */
async function start() {
  const service = createTestService()
  const { user } = await registerTestUser(service, { account: 'ming', sessionKey: 'first' })
  const { actor } = await signInTestUser(service, { ...user, sessionKey: 'second' })
  const encrypt = (change: Partial<OpenDataDraft> = {}) =>
    encryptOpenData({
      ...user,
      sessionKey: 'second',
      at: service.clock.now(),
      data: { steps: 42 },
      ...change,
    })
  const decrypt = (data = encrypt()) => service.users.decryptOpenData(actor, data)
  return { service, user, actor, encrypt, decrypt }
}

describe('decryptOpenData', () => {
  it('decrypts with the newest session key, and with the previous one', async () => {
    const { service, encrypt, decrypt, actor } = await start()
    expect(await decrypt()).toEqual({ steps: 42 })
    expect(await decrypt(encrypt({ sessionKey: 'first' }))).toEqual({ steps: 42 })
    expect(service.events.at(-1)).toMatchObject({
      action: 'open_data',
      outcome: 'ok',
      userId: actor.caller.user.id,
      appId: 'wx1',
      origin: testOrigin,
    })
  })

  it('refuses every fault of the data alike', async () => {
    const { encrypt, decrypt, service } = await start()
    const faults = [
      encrypt({ sessionKey: 'another' }),
      encrypt({ openid: 'another' }),
      encrypt({ appId: 'wx2' }),
      encrypt({ at: service.clock.now() - 5 * 60_000 - 1 }),
      { encryptedData: 'nonsense', iv: 'iv' },
    ]
    for (const data of faults) expect(await reasonOf(decrypt(data))).toBe('data_rejected')
    expect(service.events.at(-1)).toMatchObject({ outcome: 'data_rejected' })
  })

  it('refuses data of a key that is two sign-ins old', async () => {
    const { encrypt, decrypt, service, user } = await start()
    await signInTestUser(service, { ...user, sessionKey: 'third' })
    expect(await decrypt()).toEqual({ steps: 42 })
    expect(await reasonOf(decrypt(encrypt({ sessionKey: 'first' })))).toBe('data_rejected')
  })

  it('refuses a caller without an identity in the app', async () => {
    const { decrypt, service, actor } = await start()
    await service.users.unbind(actor, { appId: 'wx1' })
    expect(await reasonOf(decrypt())).toBe('data_rejected')
  })
})
