import { describe, expect, it, vi } from 'vitest'
import {
  createTestService,
  reasonOf,
  registerTestUser,
  signInTestUser,
  type TestService,
  type TestUser,
  testOrigin,
} from '../../testing/index.ts'

async function start() {
  const service = createTestService()
  const ming = await registerTestUser(service, { account: 'Ming' })
  return { service, ming, userId: ming.signedIn.user.id }
}

/** A user without account and password, whose session is the caller. */
async function startWithoutAccount() {
  const service = createTestService({ policy: { signUp: 'auto' } })
  const user = { appId: 'wx1', openid: 'openid of ming' }
  const ming = await signInTestUser(service, user)
  return { service, ming, userId: ming.signedIn.user.id }
}

/** As an administrator, or another phone, may do while a call waits. */
const unbindInStore = ({ store }: TestService): void =>
  void store.state.identities.delete('wx1 openid of ming')

describe('bindPhone', () => {
  const phone = '13800000001'
  const bindPhone = ({ users, wechat }: TestService, { actor, user }: TestUser, number = phone) =>
    users.bindPhone(actor, wechat.phoneCode({ ...user, phone: number }))

  it('gives the caller the number that WeChat vouches for', async () => {
    const { service, ming, userId } = await start()
    expect(await bindPhone(service, ming)).toEqual({
      ...ming.signedIn.user,
      phone: '138****0001',
    })
    expect(await service.store.people.phoneOf(userId)).toBe(phone)
    expect(service.events.at(-1)).toMatchObject({
      action: 'phone_change',
      outcome: 'ok',
      userId,
      appId: 'wx1',
      origin: testOrigin,
    })
    expect(JSON.stringify(service.events)).not.toContain(phone)
  })

  it('refuses a number that another user has', async () => {
    const { service, ming } = await start()
    const hong = await registerTestUser(service, { account: 'hong' })
    await bindPhone(service, hong)
    expect(await reasonOf(bindPhone(service, ming))).toBe('account_taken')
    expect(service.events.at(-1)).toMatchObject({ outcome: 'account_taken' })
  })

  it('refuses a code of another openid', async () => {
    const { service, ming } = await start()
    const code = service.wechat.phoneCode({ appId: 'wx1', openid: 'another', phone })
    expect(await reasonOf(service.users.bindPhone(ming.actor, code))).toBe('phone_rejected')
  })

  it('refuses a number whose proof belongs to no identity of the caller any more', async () => {
    const { service, ming, userId } = await startWithoutAccount()
    const { limits } = service.ports
    vi.spyOn(limits, 'spend').mockImplementationOnce(async () => {
      unbindInStore(service)
      return null
    })
    expect(await reasonOf(bindPhone(service, ming))).toBe('phone_rejected')
    expect(service.wechat.requests.phoneNumber).toBe(1)
    expect(await service.store.people.phoneOf(userId)).toBeNull()
  })

  it('refuses a caller without an identity in the app, and does not ask WeChat', async () => {
    const { service, ming } = await start()
    await service.users.unbind(ming.actor, { appId: 'wx1' })
    expect(await reasonOf(bindPhone(service, ming))).toBe('phone_rejected')
    expect(service.wechat.requests.phoneNumber).toBe(0)
  })
})

describe('deleteAccount', () => {
  it('is refused where the proof belongs to no identity of the caller any more', async () => {
    const { service, ming, userId } = await startWithoutAccount()
    const { identities } = service.store
    const { confirm } = identities
    vi.spyOn(identities, 'confirm').mockImplementationOnce(async (request) => {
      const isOwn = await confirm(request)
      unbindInStore(service)
      return isOwn
    })
    const deletion = service.users.deleteAccount(ming.actor, service.wechat.loginCode(ming.user))
    expect(await reasonOf(deletion)).toBe('proof_required')
    expect(service.store.state.users.has(userId)).toBe(true)
    expect(service.events.at(-1)).toMatchObject({
      action: 'account_delete',
      outcome: 'proof_required',
      userId,
    })
  })
})
