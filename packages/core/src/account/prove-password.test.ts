import { describe, expect, it } from 'vitest'
import { createTestService, reasonOf, testOrigin, testPassword } from '../../testing/index.ts'
import { hashNewPassword, provePassword } from './prove-password.ts'

const accountLimit = 'wrong password for account ming'
const addressLimit = `wrong password from address ${testOrigin.address}`

async function start() {
  const service = createTestService()
  const user = { passwordHash: await service.passwords.hash(testPassword) }
  const prove = (password: string, proved: { passwordHash: string | null } | null = user) =>
    provePassword(service.ports, { subject: 'ming', user: proved, password, origin: testOrigin })
  const uses = () => [service.usesOf(accountLimit), service.usesOf(addressLimit)]
  return { service, user, prove, uses }
}

describe('provePassword', () => {
  it('returns the user and counts nothing where the password is right', async () => {
    const { user, prove, uses } = await start()
    expect(await prove(testPassword)).toBe(user)
    expect(uses()).toEqual([0, 0])
  })

  it('counts a try before the password is verified', async () => {
    const { service, prove, uses } = await start()
    let during: number[] = []
    service.passwords.meanwhile = async () => {
      during = uses()
    }
    await prove(testPassword)
    expect(during).toEqual([1, 1])
  })

  it('refuses a wrong password, an account without password and no account alike', async () => {
    const { prove, uses } = await start()
    expect(await reasonOf(prove('wrong'))).toBe('credential_rejected')
    expect(await reasonOf(prove(testPassword, { passwordHash: null }))).toBe('credential_rejected')
    expect(await reasonOf(prove(testPassword, null))).toBe('credential_rejected')
    expect(uses()).toEqual([3, 3])
  })

  it('refuses an unknown account also where the comparison returns true', async () => {
    const { service } = await start()
    const passwords = { ...service.passwords, verify: async () => true }
    const attempt = { subject: 'ming', user: null, password: 'any', origin: testOrigin }
    expect(await reasonOf(provePassword({ ...service.ports, passwords }, attempt))).toBe(
      'credential_rejected',
    )
  })

  it('counts no try where the hasher failed, and passes the error on', async () => {
    const { service, prove, uses } = await start()
    service.passwords.isOverloaded = true
    expect(await reasonOf(prove(testPassword))).toBe('overloaded')
    expect(uses()).toEqual([0, 0])
  })

  it('counts nothing for an account from an address that is limited', async () => {
    const { service, prove } = await start()
    for (let count = 0; count < 100; count++) {
      const attempt = { subject: `${count}`, user: null, password: 'wrong', origin: testOrigin }
      await reasonOf(provePassword(service.ports, attempt))
    }
    expect(await reasonOf(prove(testPassword))).toBe('rate_limited')
    expect(service.usesOf(accountLimit)).toBe(0)
  })
})

describe('hashNewPassword', () => {
  it('hashes a password that is not easily guessed', async () => {
    const { service } = await start()
    expect(await hashNewPassword(service.ports, testPassword, null)).toBe(
      await service.passwords.hash(testPassword),
    )
  })

  it('uses the account name as a context word only where there is one', async () => {
    const { service } = await start()
    expect(await reasonOf(hashNewPassword(service.ports, 'hongmei99', 'hongmei'))).toBe(
      'invalid_input',
    )
    expect(await hashNewPassword(service.ports, 'hongmei99', null)).toEqual(expect.any(String))
  })
})
