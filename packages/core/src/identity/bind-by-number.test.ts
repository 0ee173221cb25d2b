import { describe, expect, it } from 'vitest'
import {
  createTestService,
  failureOf,
  giveTestPhone,
  reasonOf,
  registerTestUser,
  type TestService,
  testOrigin,
  testPassword,
} from '../../testing/index.ts'

const number = '13800000001'

/** `ming`, registered in wx1 with an account name and a number. */
async function start(account = 'ming', phone = number) {
  const service = createTestService()
  const { signedIn } = await registerTestUser(service, { account })
  const { id } = signedIn.user
  giveTestPhone(service, id, phone)
  return { service, userId: id }
}

/** Binds a WeChat in wx2 by a password. */
const bind = ({ users, wechat }: TestService, account: string, password = testPassword) =>
  users.bind({
    proof: { appId: 'wx2', code: wechat.loginCode({ appId: 'wx2', openid: 'openid' }) },
    credential: { type: 'password', account, password },
    origin: testOrigin,
  })

describe('a phone number with the password', () => {
  it.each([
    '13800000001',
    '+8613800000001',
    '0086 138-0000-0001',
    '8613800000001',
    ' 138 0000 0001',
  ])('signs in, typed as %j', async (typed) => {
    const { service, userId } = await start()
    expect((await bind(service, typed)).user.id).toBe(userId)
    expect(service.usesOf('wrong password for account ming')).toBe(0)
  })

  it.each(['+85261234567', '85261234567', '00852 6123 4567'])(
    'signs in by a number of another country, typed as %j',
    async (typed) => {
      const { service, userId } = await start('ming', '+85261234567')
      expect((await bind(service, typed)).user.id).toBe(userId)
    },
  )

  it('signs in a user who has no account name', async () => {
    const { service, userId } = await start()
    const { users } = service.store.state
    const user = users.get(userId)
    if (user !== undefined) users.set(userId, { ...user, account: null, accountKey: null })
    expect((await bind(service, number)).user.id).toBe(userId)
    await failureOf(bind(service, number, 'wrong'))
    expect(service.usesOf(`wrong password for account ${userId}`)).toBe(1)
  })

  it('costs as many comparisons as a number that no user has, and is refused alike', async () => {
    const { service } = await start()
    const known = await failureOf(bind(service, number, 'wrong'))
    const unknown = await failureOf(bind(service, '13800000002', 'wrong'))
    expect([known.reason, known.message]).toEqual([unknown.reason, unknown.message])
    expect(service.passwords.compared).toEqual([
      await service.passwords.hash(testPassword),
      null,
      null,
      null,
    ])
  })

  it('counts wrong passwords of one account together, by name and by number', async () => {
    const { service } = await start()
    for (let count = 0; count < 5; count++) {
      await failureOf(bind(service, 'ming', 'wrong'))
      await failureOf(bind(service, `+86${number}`, 'wrong'))
    }
    expect(service.usesOf('wrong password for account ming')).toBe(10)
    expect(await reasonOf(bind(service, number))).toBe('rate_limited')
  })

  it('counts wrong passwords of an unknown number together, in every form', async () => {
    const { service } = await start()
    for (const typed of ['13800000009', '+86 13800000009'])
      await failureOf(bind(service, typed, 'wrong'))
    expect(service.usesOf('wrong password for account 13800000009')).toBe(2)
  })

  it('is not shadowed by an account that has the number as its name', async () => {
    const { service, userId } = await start()
    const other = await registerTestUser(service, { account: number, password: 'other password' })
    expect((await bind(service, number)).user.id).toBe(userId)
    await service.store.state.identities.delete('wx2 openid')
    expect((await bind(service, number, 'other password')).user.id).toBe(other.signedIn.user.id)
  })

  it('is its owner where an account with the number as its name has the same password', async () => {
    const { service, userId } = await start()
    await registerTestUser(service, { account: number })
    expect((await bind(service, number)).user.id).toBe(userId)
  })
})
