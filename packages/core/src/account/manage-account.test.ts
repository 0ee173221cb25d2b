import { describe, expect, it } from 'vitest'
import {
  commonPassword,
  createTestService,
  failureOf,
  giveTestPhone,
  reasonOf,
  registerTestUser,
  signInTestUser,
  type TestService,
  type TestUser,
  testOrigin,
  testPassword,
} from '../../testing/index.ts'

import { callerNow } from '../session/caller.ts'

const newPassword = 'another horse battery'
const accountLimit = 'wrong password for account ming'
const addressLimit = `wrong password from address ${testOrigin.address}`

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

const hashOf = ({ store }: TestService, userId: string) => store.users.findPasswordHash(userId)

/** As an administrator, or another phone, may do while a call waits. */
const unbindInStore = ({ store }: TestService): void =>
  void store.state.identities.delete('wx1 openid of ming')

describe('updateProfile', () => {
  it('changes the given fields and returns the user as clients see it', async () => {
    const { service, ming } = await start()
    const avatarUrl = 'https://pictures.example/1.png'
    const changed = await service.users.updateProfile(ming.actor, { nickname: '小明', avatarUrl })
    expect(changed).toEqual({ ...ming.signedIn.user, nickname: '小明', avatarUrl })
    expect(await service.users.updateProfile(ming.actor, { nickname: null })).toMatchObject({
      nickname: null,
      avatarUrl,
    })
    expect(service.events.at(-1)).toMatchObject({
      action: 'profile_change',
      outcome: 'ok',
      userId: ming.signedIn.user.id,
      appId: 'wx1',
      origin: testOrigin,
    })
  })

  it('refuses a caller who was deleted in the meantime', async () => {
    const { service, ming, userId } = await start()
    await service.store.users.remove(userId)
    const change = service.users.updateProfile(ming.actor, { nickname: 'Ming' })
    expect(await reasonOf(change)).toBe('unauthenticated')
  })
})

describe('changePassword of a user who has a password', () => {
  const change = ({ users }: TestService, { actor }: TestUser, currentPassword?: string) =>
    users.changePassword(actor, { currentPassword, newPassword })

  it('stores the new password and ends every other session', async () => {
    const { service, ming, userId } = await start()
    const other = await signInTestUser(service, ming.user)
    await change(service, ming, testPassword)
    expect(await hashOf(service, userId)).toBe(await service.passwords.hash(newPassword))
    expect([...service.store.state.sessions.keys()]).toEqual([ming.actor.caller.session.id])
    expect(await reasonOf(service.users.authenticate(other.signedIn.tokens.accessToken))).toBe(
      'unauthenticated',
    )
    expect(service.events.at(-1)).toMatchObject({ action: 'password_change' })
    expect(service.events.find(({ action }) => action === 'password_change')).toMatchObject({
      outcome: 'ok',
      userId,
      appId: 'wx1',
      origin: testOrigin,
    })
    expect([service.usesOf(accountLimit), service.usesOf(addressLimit)]).toEqual([0, 0])
  })

  it.each([
    ['a wrong current password', 'wrong'],
    ['no current password', undefined],
  ])(
    'refuses %s, and counts it for the session and the address, not for the account',
    async (_, current) => {
      const { service, ming, userId } = await start()
      expect(await reasonOf(change(service, ming, current))).toBe('credential_rejected')
      expect(await hashOf(service, userId)).toBe(await service.passwords.hash(testPassword))
      const [session] = await service.store.sessions.list(userId, service.clock.now())
      const limits = [
        accountLimit,
        addressLimit,
        `wrong password in session ${session?.id}`,
        `wrong password of user in app wx1 ${userId}`,
      ]
      expect(limits.map((limit) => service.usesOf(limit))).toEqual([0, 1, 1, 1])
    },
  )

  it('is limited in each session, so that another one still changes a leaked password', async () => {
    const { service, ming } = await start()
    for (let count = 0; count < 10; count++) await failureOf(change(service, ming, 'wrong'))
    expect(await reasonOf(change(service, ming, testPassword))).toBe('rate_limited')
    const again = await signInTestUser(service, { appId: 'wx1', openid: 'openid of Ming' })
    await change(service, again, testPassword)
  })

  it('is limited for a user in an app, however many sessions are opened', async () => {
    const { service } = await start()
    const guess = async (count: number) => {
      const user = { appId: 'wx1', openid: 'openid of Ming' }
      const { actor } = await signInTestUser(service, user)
      const origin = { ...testOrigin, address: `192.0.2.${count}` }
      const guesses = { currentPassword: 'wrong', newPassword }
      return reasonOf(service.users.changePassword({ ...actor, origin }, guesses))
    }
    for (let count = 0; count < 100; count++) {
      service.clock.advance(2_000)
      expect(await guess(count)).toBe('credential_rejected')
    }
    expect(await guess(100)).toBe('rate_limited')
  })

  it('is not limited by wrong passwords that strangers enter for the account', async () => {
    const { service, ming } = await start()
    for (let count = 0; count < 10; count++) {
      const code = service.wechat.loginCode({ appId: 'wx1', openid: 'stranger' })
      const credential = { type: 'password', account: 'ming', password: 'wrong' } as const
      const proof = { appId: 'wx1', code }
      await failureOf(service.users.bind({ proof, credential, origin: testOrigin }))
    }
    expect(service.usesOf(accountLimit)).toBe(10)
    await change(service, ming, testPassword)
  })

  it('refuses a new password that is easily guessed', async () => {
    const { service, ming, userId } = await start()
    for (const guessable of [commonPassword, 'mingming1', 'wechat123']) {
      const passwords = { currentPassword: testPassword, newPassword: guessable }
      const failure = await failureOf(service.users.changePassword(ming.actor, passwords))
      expect(failure.message).toBe('invalid_input: a common password')
    }
    expect(await hashOf(service, userId)).toBe(await service.passwords.hash(testPassword))
  })

  it('refuses where the password was changed since it was proved', async () => {
    const { service, ming, userId } = await start()
    const reasons = await Promise.all([
      change(service, ming, testPassword).then(() => 'done'),
      reasonOf(change(service, ming, testPassword)),
    ])
    expect(reasons).toEqual(['done', 'credential_rejected'])
    service.passwords.meanwhile = async () => {
      const caller = callerNow(service.ports, ming.actor.caller)
      const from = await service.passwords.hash(newPassword)
      await service.store.users.changePassword({ caller, from, to: 'changed', provenBy: null })
    }
    const late = change(service, ming, newPassword)
    expect(await reasonOf(late)).toBe('credential_rejected')
    expect(await hashOf(service, userId)).toBe('changed')
    expect(service.events.at(-1)).toMatchObject({
      action: 'password_change',
      outcome: 'credential_rejected',
    })
  })
})

describe('changePassword of a user who has no password', () => {
  /** A first password, proved by the WeChat of the session. */
  const setFirst = (
    { users, wechat }: TestService,
    { actor, user }: TestUser,
    change: { code?: string | undefined; account?: string | undefined } = {},
  ) =>
    users.changePassword(actor, {
      code: wechat.loginCode(user),
      account: 'Ming',
      newPassword,
      ...change,
    })

  it('sets the first one, and a name, by a login code of the WeChat of the session', async () => {
    const { service, ming, userId } = await startWithoutAccount()
    const user = { ...ming.user, sessionKey: 'newest' }
    await setFirst(service, { ...ming, user })
    expect(await service.store.users.findByAccount('ming')).toMatchObject({
      id: userId,
      account: 'Ming',
      passwordHash: await service.passwords.hash(newPassword),
    })
    expect(service.passwords.compared).toEqual([])
    const kept = await service.store.identities.sessionKeys({ userId, appId: 'wx1' })
    expect(service.ports.vault.open(user, kept?.keys[0] ?? '')).toBe('newest')
  })

  it('needs a login code of the WeChat of the session', async () => {
    const { service, ming, userId } = await startWithoutAccount()
    const stranger = service.wechat.loginCode({ appId: 'wx1', openid: 'openid of a thief' })
    expect(await reasonOf(setFirst(service, ming, { code: undefined }))).toBe('proof_required')
    expect(await reasonOf(setFirst(service, ming, { code: stranger }))).toBe('proof_required')
    expect(await reasonOf(setFirst(service, ming, { code: 'no code' }))).toBe('code_rejected')
    expect(await hashOf(service, userId)).toBeNull()
    expect(service.events.at(-1)).toMatchObject({
      action: 'password_change',
      outcome: 'code_rejected',
      userId,
      origin: testOrigin,
    })
  })

  it('needs no name where there is a number, and refuses a missing, a taken and a second one', async () => {
    const { service, ming, userId } = await startWithoutAccount()
    expect(await reasonOf(setFirst(service, ming, { account: undefined }))).toBe('invalid_input')
    await registerTestUser(service, { account: 'hong' })
    expect(await reasonOf(setFirst(service, ming, { account: 'HONG' }))).toBe('account_taken')
    expect(await hashOf(service, userId)).toBeNull()
    giveTestPhone(service, userId, '13800000001')
    await setFirst(service, ming, { account: undefined })
    expect(await hashOf(service, userId)).toBe(await service.passwords.hash(newPassword))
    const renamed = service.users.changePassword(ming.actor, {
      currentPassword: newPassword,
      newPassword: testPassword,
      account: 'ming',
    })
    expect(await reasonOf(renamed)).toBe('invalid_input')
  })

  it('refuses a wrong current password where there is no name', async () => {
    const { service, ming, userId } = await startWithoutAccount()
    giveTestPhone(service, userId, '13800000001')
    await setFirst(service, ming, { account: undefined })
    const again = { currentPassword: 'wrong', newPassword: testPassword }
    expect(await reasonOf(service.users.changePassword(ming.actor, again))).toBe(
      'credential_rejected',
    )
  })

  it('may try five names in five minutes', async () => {
    const { service, ming } = await startWithoutAccount()
    await registerTestUser(service, { account: 'hong' })
    for (let count = 0; count < 5; count++)
      expect(await reasonOf(setFirst(service, ming, { account: 'hong' }))).toBe('account_taken')
    expect(await reasonOf(setFirst(service, ming, { account: 'free' }))).toBe('rate_limited')
    service.clock.advance(5 * 60_000)
    await setFirst(service, ming, { account: 'free' })
  })

  it('is refused where the proof or the name went while the password was hashed', async () => {
    const { service, ming, userId } = await startWithoutAccount()
    service.passwords.meanwhile = async () =>
      void (await registerTestUser(service, { account: 'ming', appId: 'wx2' }))
    expect(await reasonOf(setFirst(service, ming))).toBe('account_taken')
    service.passwords.meanwhile = async () => unbindInStore(service)
    expect(await reasonOf(setFirst(service, ming, { account: 'free' }))).toBe('proof_required')
    expect(await hashOf(service, userId)).toBeNull()
    expect(service.events.at(-1)).toMatchObject({ outcome: 'proof_required', userId })
  })

  it('looks up twenty names an hour for a WeChat, together with those of register', async () => {
    const { service, ming } = await startWithoutAccount()
    await registerTestUser(service, { account: 'hong' })
    const reasons: string[] = []
    for (let count = 0; count < 22; count++) {
      if (count % 5 === 0) service.clock.advance(5 * 60_000)
      reasons.push(await reasonOf(setFirst(service, ming, { account: 'hong' })))
    }
    expect(reasons.lastIndexOf('account_taken')).toBe(19)
    expect(reasons.slice(20)).toEqual(['rate_limited', 'rate_limited'])
    expect(service.usesOf('account name tried wx1 openid of ming')).toBe(20)
  })

  it('sets one of two concurrent first passwords', async () => {
    const { service, ming } = await startWithoutAccount()
    const set = () => setFirst(service, ming)
    const results = await Promise.allSettled([set(), set()])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  })
})
