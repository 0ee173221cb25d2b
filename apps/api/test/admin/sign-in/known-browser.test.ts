import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { reasonOf, type TestService, ticketFor } from '../../harness.ts'
import { expectUnreadable } from '../../readable.ts'
import { admin, codeOf, enrol, openBrowser, startWithAdministrator } from '../client.ts'

const wrong = { ...admin, password: 'not that one' }

async function signOutAndLockOut(service: TestService) {
  const enrolled = await enrol(service)
  await enrolled.browser.admin.account.signOut.mutate()
  const stranger = openBrowser(service)
  const { signIn } = stranger.admin.account
  for (let count = 0; count < 10; count++)
    expect(await reasonOf(signIn.mutate(wrong))).toBe('credential_rejected')
  expect(await reasonOf(signIn.mutate(admin))).toBe('rate_limited')
  return { ...enrolled, stranger }
}

describe('a browser in which an administrator has signed in before', () => {
  it('signs in while strangers have reached the limit, after a restart too', async () => {
    const service = await startWithAdministrator()
    const { browser, secret, stranger } = await signOutAndLockOut(service)
    service.passTime(30_000)
    const { signIn, proveCode, current } = browser.admin.account
    expect(await signIn.mutate(admin)).toEqual({ next: 'code' })
    await proveCode.mutate({ code: codeOf(service, secret) })
    expect((await current.query()).operator.account).toBe('ops')
    expect(await reasonOf(stranger.admin.account.signIn.mutate(admin))).toBe('rate_limited')
  })

  it('is unknown without its cookie', async () => {
    const service = await startWithAdministrator()
    const { browser } = await signOutAndLockOut(service)
    browser.clear()
    expect(await reasonOf(browser.admin.account.signIn.mutate(admin))).toBe('rate_limited')
  })

  it('gets another token with each complete sign-in, and the database holds none of them', async () => {
    const service = await startWithAdministrator()
    const { browser, recoveryCodes } = await enrol(service)
    await browser.admin.account.signIn.mutate(admin)
    await browser.admin.account.proveCode.mutate({ code: recoveryCodes[0] ?? '' })
    const tokens = browser.setCookies
      .filter((line) => line.startsWith('__Host-mianmi-browser='))
      .map((line) => line.split(/[=;]/)[1] ?? '')
    expect(new Set(tokens).size).toBe(2)
    const { sqlite } = service.database()
    expect(sqlite.prepare('select count(*) from known_browsers').pluck().get()).toBe(1)
    const files = [sqlite.name, `${sqlite.name}-wal`].map((file) => readFileSync(file))
    for (const token of tokens) expectUnreadable(Buffer.concat(files), token)
  })

  it('does not stay known where the password is changed in another one', async () => {
    const service = await startWithAdministrator()
    const { browser, secret } = await enrol(service)
    const other = openBrowser(service)
    service.passTime(30_000)
    await other.admin.account.signIn.mutate(admin)
    await other.admin.account.proveCode.mutate({ code: codeOf(service, secret) })
    service.passTime(30_000)
    const newPassword = 'another long secret'
    await other.admin.account.changePassword.mutate({
      currentPassword: admin.password,
      newPassword,
      code: codeOf(service, secret),
    })
    expect(await reasonOf(browser.admin.account.current.query())).toBe('unauthenticated')
    expect((await other.admin.account.current.query()).operator.account).toBe('ops')
    await other.admin.account.signOut.mutate()
    const stranger = openBrowser(service)
    for (let count = 0; count < 10; count++)
      await reasonOf(stranger.admin.account.signIn.mutate(admin))
    const changed = { ...admin, password: newPassword }
    expect(await reasonOf(browser.admin.account.signIn.mutate(changed))).toBe('rate_limited')
    expect(await other.admin.account.signIn.mutate(changed)).toEqual({ next: 'code' })
  })
})

it('guesses in a mini program do not lock the console', async () => {
  const service = await startWithAdministrator()
  const bind = async (account: string) => {
    const proof = { ticket: await ticketFor(service, 'stranger') }
    const credential = { type: 'password', account, password: admin.password } as const
    return reasonOf(service.client().bind.mutate({ proof, credential }))
  }
  for (let count = 0; count < 10; count++) expect(await bind('ops')).toBe('credential_rejected')
  expect(await bind('ops')).toBe('rate_limited')
  expect(await openBrowser(service).admin.account.signIn.mutate(admin)).toEqual({ next: 'enrol' })
})
