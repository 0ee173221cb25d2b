import { describe, expect, it } from 'vitest'
import { createTestService, reasonOf, testOrigin, testPassword } from '../../testing/index.ts'
import { checkNewPassword, proveOneOf } from './prove-password.ts'

const accountLimit = 'wrong password for account ming'
const addressLimit = `wrong password from address ${testOrigin.address}`

const by = { origin: testOrigin, caller: { kind: 'user', id: 'caller' } } as const

async function start() {
  const service = createTestService()
  const user = { passwordHash: await service.passwords.hash(testPassword) }
  const prove = (password: string, proved: { passwordHash: string | null } | null = user) =>
    proveOneOf(service.ports, { candidates: [{ subject: 'ming', user: proved }], password, ...by })
  const uses = () => [service.usesOf(accountLimit), service.usesOf(addressLimit)]
  return { service, user, prove, uses }
}

describe('proveOneOf', () => {
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
    const attempt = { candidates: [{ subject: 'ming', user: null }], password: 'any', ...by }
    expect(await reasonOf(proveOneOf({ ...service.ports, passwords }, attempt))).toBe(
      'credential_rejected',
    )
  })

  it('counts no try where the hasher failed, and passes the error on', async () => {
    const { service, prove, uses } = await start()
    service.passwords.isOverloaded = true
    expect(await reasonOf(prove(testPassword))).toBe('overloaded')
    expect(uses()).toEqual([0, 0])
  })

  it('verifies for the caller of the request, whose turn it is by network', async () => {
    const { service, prove } = await start()
    service.passwords.callers.length = 0
    await prove(testPassword)
    const { address: network } = testOrigin
    expect(service.passwords.callers).toEqual([{ ...by.caller, network, isGone: undefined }])
  })

  it('counts an IPv6 network for its /48 too, where ten times the limit holds', async () => {
    const { service } = await start()
    const guessFrom = (subnet: number, subject: string) => {
      const origin = { ...testOrigin, address: `2001:db8:1:${subnet.toString(16)}::/64` }
      const guess = { candidates: [{ subject, user: null }], password: 'wrong', ...by, origin }
      return reasonOf(proveOneOf(service.ports, guess))
    }
    for (let subnet = 0; subnet < 10; subnet++)
      for (let count = 0; count < 100; count++)
        expect(await guessFrom(subnet, `${subnet} ${count}`)).toBe('credential_rejected')
    expect(await guessFrom(0, 'one more')).toBe('rate_limited')
    expect(await guessFrom(99, 'one more')).toBe('rate_limited')
    expect(service.usesOf('wrong password from address 2001:db8:1::/48')).toBe(1000)
    expect(service.usesOf('wrong password from address 2001:db8:1:63::/64')).toBe(0)
    expect(service.usesOf('wrong password for account one more')).toBe(0)
  })

  it('counts nothing for a network from which a limited account is tried', async () => {
    const { service, prove } = await start()
    for (let count = 0; count < 10; count++) await reasonOf(prove('wrong'))
    expect(await reasonOf(prove('wrong'))).toBe('rate_limited')
    expect(service.usesOf(addressLimit)).toBe(10)
  })

  it('counts nothing for an account from an address that is limited', async () => {
    const { service, prove } = await start()
    for (let count = 0; count < 100; count++) {
      const attempt = {
        candidates: [{ subject: `${count}`, user: null }],
        password: 'wrong',
        ...by,
      }
      await reasonOf(proveOneOf(service.ports, attempt))
    }
    expect(await reasonOf(prove(testPassword))).toBe('rate_limited')
    expect(service.usesOf(accountLimit)).toBe(0)
  })
})

describe('checkNewPassword', () => {
  it('uses the account name as a context word only where there is one', async () => {
    const { service } = await start()
    expect(await reasonOf(checkNewPassword(service.ports, 'hongmei99', 'hongmei'))).toBe(
      'invalid_input',
    )
    await checkNewPassword(service.ports, 'hongmei99', null)
    await checkNewPassword(service.ports, testPassword, 'hongmei')
  })
})
