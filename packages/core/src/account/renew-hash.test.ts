import { expect, it } from 'vitest'
import {
  createTestService,
  importedHash,
  issueTestTicket,
  reasonOf,
  registerTestUser,
  testOrigin,
  testPassword,
} from '../../testing/index.ts'

/** A service with a user whose hash another system made, and calls that bind to that user. */
async function startImported() {
  const service = createTestService()
  const { signedIn } = await registerTestUser(service, { account: 'ming' })
  const { id } = signedIn.user
  const stored = () => service.store.users.findPasswordHash(id)
  const setHash = async (to: string): Promise<void> => {
    const from = await stored()
    if (from === null) throw new Error('the user has a password')
    await service.store.users.renewPasswordHash(id, { from, to })
  }
  await setHash(importedHash(testPassword))
  let phones = 1
  const bind = async (appId: string, password = testPassword) => {
    phones += 1
    const ticket = await issueTestTicket(service, { appId, openid: `openid on phone ${phones}` })
    const credential = { type: 'password', account: 'ming', password } as const
    return service.users.bind({ proof: { ticket }, credential, origin: testOrigin })
  }
  return { service, bind, stored, setHash, user: signedIn.user, tokens: signedIn.tokens }
}

it('the first right password replaces an imported hash, and ends no session', async () => {
  const { service, bind, stored, user, tokens } = await startImported()
  expect(await bind('wx2')).toMatchObject({ status: 'signedIn', user: { id: user.id } })
  expect(await stored()).toBe(`hash of ${testPassword}`)
  expect(await service.users.authenticate(tokens.accessToken)).toBeDefined()
})

it('a wrong password leaves an imported hash as it is', async () => {
  const { bind, stored } = await startImported()
  expect(await reasonOf(bind('wx2', 'a wrong password'))).toBe('credential_rejected')
  expect(await stored()).toBe(importedHash(testPassword))
})

it('of two right passwords at once both are right', async () => {
  const { service, bind, stored, user } = await startImported()
  // The second one has compared the imported hash, and is replacing it when the first one has done so.
  let hashed = 0
  service.passwords.meanwhile = async () => {
    hashed += 1
    await bind('wx2')
  }
  expect(await bind('wx3')).toMatchObject({ status: 'signedIn', user: { id: user.id } })
  expect(hashed).toBe(1)
  expect(await stored()).toBe(`hash of ${testPassword}`)
})

it('a password that was changed while it was replaced is not right any more', async () => {
  const { service, bind, setHash, stored } = await startImported()
  const { hash } = service.passwords
  service.passwords.hash = async (...input) => {
    await setHash('hash of another password')
    return hash(...input)
  }
  expect(await reasonOf(bind('wx2'))).toBe('credential_rejected')
  expect(await stored()).toBe('hash of another password')
})

it('a hash of the service itself is not replaced', async () => {
  const { service, bind, setHash } = await startImported()
  await setHash(`hash of ${testPassword}`)
  service.passwords.callers.length = 0
  await bind('wx2')
  expect(service.passwords.callers).toHaveLength(1)
})
