import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { reasonOf, register, startService } from '../../harness.ts'
import { expectUnreadable } from '../../readable.ts'
import { admin, codeOf, enrol, openBrowser, startWithAdministrator } from '../client.ts'

const step = 30_000
const wrong = { ...admin, password: 'not that one' }

describe('the first factor', () => {
  it('of a new administrator leads to enrolling, of an enrolled one to a code', async () => {
    const service = await startWithAdministrator()
    const browser = openBrowser(service)
    expect(await browser.admin.account.signIn.mutate(admin)).toEqual({ next: 'enrol' })
    await enrol(service, browser)
    expect(await browser.admin.account.signIn.mutate(admin)).toEqual({ next: 'code' })
  })

  it('gives the same refusal to an unknown account, a wrong password and a user who is not an administrator', async () => {
    const service = await startWithAdministrator()
    await register(service, 'ming', 'ming')
    const { signIn } = openBrowser(service).admin.account
    const tries = [
      wrong,
      { account: 'no-such-user', password: admin.password },
      { account: 'ming', password: 'correct horse' },
    ]
    for (const attempt of tries)
      expect(await reasonOf(signIn.mutate(attempt))).toBe('credential_rejected')
  })

  it('accepts every spelling of the account name', async () => {
    const { signIn } = openBrowser(await startWithAdministrator()).admin.account
    expect(await signIn.mutate({ ...admin, account: 'ＯＰＳ' })).toEqual({ next: 'enrol' })
  })

  it('ends after ten wrong passwords', async () => {
    const { signIn } = openBrowser(await startWithAdministrator()).admin.account
    for (let i = 0; i < 10; i++)
      expect(await reasonOf(signIn.mutate(wrong))).toBe('credential_rejected')
    expect(await reasonOf(signIn.mutate(admin))).toBe('rate_limited')
  })

  it('reports that an administrator is disabled after the right password only', async () => {
    const service = await startWithAdministrator()
    service.database().sqlite.exec('update users set disabled_at = 1')
    const { signIn } = openBrowser(service).admin.account
    expect(await reasonOf(signIn.mutate(wrong))).toBe('credential_rejected')
    expect(await reasonOf(signIn.mutate(admin))).toBe('user_disabled')
  })

  it('allows enrolment only, for five minutes', async () => {
    const service = await startWithAdministrator()
    const browser = openBrowser(service)
    await browser.admin.account.signIn.mutate(admin)
    expect(await reasonOf(browser.admin.account.current.query())).toBe('unauthenticated')
    const { secret } = await browser.admin.account.enrol.mutate({
      enrolmentCode: service.enrolmentCode(),
    })
    service.passTime(5 * 60_000)
    const code = codeOf(service, secret)
    const late = browser.admin.account.proveCode.mutate({ code })
    expect(await reasonOf(late)).toBe('unauthenticated')
  })
})

describe('the second factor', () => {
  it('issues a new token; the one of the first factor becomes invalid', async () => {
    const service = await startWithAdministrator()
    const browser = openBrowser(service)
    await browser.admin.account.signIn.mutate(admin)
    const before = browser.cookie()
    const { recoveryCodes } = await enrol(service, browser)
    expect(recoveryCodes).toHaveLength(10)
    const { operator: administrator } = await browser.admin.account.current.query()
    expect(administrator).toMatchObject({
      account: 'ops',
      idleTtl: 30 * 60_000,
      recoveryCodesLeft: 10,
    })
    browser.carry(before)
    expect(await reasonOf(browser.admin.account.current.query())).toBe('unauthenticated')
  })

  it('has to be proved before it counts: a drafted secret is replaced by the next', async () => {
    const service = await startWithAdministrator()
    const browser = openBrowser(service)
    await browser.admin.account.signIn.mutate(admin)
    const first = await browser.admin.account.enrol.mutate({
      enrolmentCode: service.enrolmentCode(),
    })
    const second = await browser.admin.account.enrol.mutate({
      enrolmentCode: service.enrolmentCode(),
    })
    const { proveCode } = browser.admin.account
    const old = proveCode.mutate({ code: codeOf(service, first.secret) })
    expect(await reasonOf(old)).toBe('credential_rejected')
    await proveCode.mutate({ code: codeOf(service, second.secret) })
  })

  it('is not enrolled twice', async () => {
    const service = await startWithAdministrator()
    const { browser } = await enrol(service)
    await browser.admin.account.signIn.mutate(admin)
    expect(
      await reasonOf(
        browser.admin.account.enrol.mutate({ enrolmentCode: service.enrolmentCode() }),
      ),
    ).toBe('forbidden')
  })

  it('accepts a code once, also from two concurrent browsers', async () => {
    const service = await startWithAdministrator()
    const { secret, code } = await enrol(service)
    const browsers = [openBrowser(service), openBrowser(service)]
    for (const browser of browsers) await browser.admin.account.signIn.mutate(admin)
    const prove = (value: string) =>
      Promise.allSettled(
        browsers.map((browser) => browser.admin.account.proveCode.mutate({ code: value })),
      )
    expect((await prove(code)).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    service.passTime(step)
    const results = await prove(codeOf(service, secret))
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('one session of the first factor becomes one full session, even with concurrent codes', async () => {
    const service = await startWithAdministrator()
    const { recoveryCodes } = await enrol(service)
    const browser = openBrowser(service)
    await browser.admin.account.signIn.mutate(admin)
    const results = await Promise.allSettled(
      recoveryCodes.slice(0, 4).map((code) => browser.admin.account.proveCode.mutate({ code })),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const { operator: administrator } = await browser.admin.account.current.query()
    // What was not let in was not spent either.
    expect(administrator.recoveryCodesLeft).toBe(9)
  })

  it('takes a recovery code once, however it is typed', async () => {
    const service = await startWithAdministrator()
    const { recoveryCodes } = await enrol(service)
    const typed = ` ${recoveryCodes[0]?.toLowerCase().replaceAll('-', ' ')} `
    const browser = openBrowser(service)
    await browser.admin.account.signIn.mutate(admin)
    await browser.admin.account.proveCode.mutate({ code: typed })
    expect((await browser.admin.account.current.query()).operator.recoveryCodesLeft).toBe(9)
    await browser.admin.account.signIn.mutate(admin)
    const again = browser.admin.account.proveCode.mutate({ code: typed })
    expect(await reasonOf(again)).toBe('credential_rejected')
  })

  it('ends after five wrong codes, and the password has to be proved again', async () => {
    const service = await startWithAdministrator()
    const { secret } = await enrol(service)
    const browser = openBrowser(service)
    const { signIn, proveCode } = browser.admin.account
    await signIn.mutate(admin)
    for (let i = 0; i < 5; i++)
      expect(await reasonOf(proveCode.mutate({ code: 'ABCD-EFGH-2345' }))).toBe(
        'credential_rejected',
      )
    service.passTime(step)
    const right = codeOf(service, secret)
    expect(await reasonOf(proveCode.mutate({ code: right }))).toBe('rate_limited')
    expect(await reasonOf(proveCode.mutate({ code: right }))).toBe('unauthenticated')
    service.passTime(15 * 60_000)
    await signIn.mutate(admin)
    await proveCode.mutate({ code: codeOf(service, secret) })
  })

  it('renews the recovery codes for a code; the old ones are void', async () => {
    const service = await startWithAdministrator()
    const { browser, secret, recoveryCodes, code } = await enrol(service)
    const { renewRecoveryCodes, signIn, proveCode } = browser.admin.account
    expect(await reasonOf(renewRecoveryCodes.mutate({ code }))).toBe('credential_rejected')
    service.passTime(step)
    const renewed = await renewRecoveryCodes.mutate({ code: codeOf(service, secret) })
    expect(renewed.recoveryCodes).toHaveLength(10)
    await signIn.mutate(admin)
    const old = proveCode.mutate({ code: recoveryCodes[1] ?? '' })
    expect(await reasonOf(old)).toBe('credential_rejected')
    await proveCode.mutate({ code: renewed.recoveryCodes[1] ?? '' })
  })
})

describe('the session', () => {
  it('ends after half an hour in which nothing was done, and not before', async () => {
    const service = await startWithAdministrator()
    const { browser } = await enrol(service)
    for (let i = 0; i < 3; i++) {
      service.passTime(29 * 60_000)
      await browser.admin.account.current.query()
    }
    service.passTime(30 * 60_000)
    expect(await reasonOf(browser.admin.account.current.query())).toBe('unauthenticated')
  })

  it('ends after twelve hours, however much is done', async () => {
    const service = await startWithAdministrator()
    const { browser } = await enrol(service)
    for (let i = 0; i < 28; i++) {
      service.passTime(25 * 60_000)
      await browser.admin.account.current.query()
    }
    service.passTime(20 * 60_000)
    expect(await reasonOf(browser.admin.account.current.query())).toBe('unauthenticated')
  })

  it('ends with signing out, which is never refused', async () => {
    const service = await startWithAdministrator()
    const { browser } = await enrol(service)
    const before = browser.cookie()
    await browser.admin.account.signOut.mutate()
    expect(browser.cookie()).toBeNull()
    expect(browser.setCookies.at(-1)).toContain('Max-Age=0')
    browser.carry(before)
    expect(await reasonOf(browser.admin.account.current.query())).toBe('unauthenticated')
    await browser.admin.account.signOut.mutate()
  })

  it.each([
    ['the password changes', "password_hash = password_hash || ' '", 'unauthenticated'],
    ['the password is taken away', 'password_hash = null', 'unauthenticated'],
    ['the role is taken away', "role = 'user'", 'forbidden'],
    ['the user is disabled', 'disabled_at = 1', 'user_disabled'],
  ])('ends where %s', async (_what, change, reason) => {
    const service = await startWithAdministrator()
    const { browser } = await enrol(service)
    const { sqlite } = service.database()
    sqlite.exec(`create table before as select * from users; update users set ${change}`)
    expect(await reasonOf(browser.admin.account.current.query())).toBe(reason)
    sqlite.exec(`update users set (password_hash, role, disabled_at) =
      (select password_hash, role, disabled_at from before)`)
    expect(await reasonOf(browser.admin.account.current.query())).toBe('unauthenticated')
  })

  it('survives a restart of the service', async () => {
    const service = await startWithAdministrator()
    const { browser } = await enrol(service)
    const cookie = browser.cookie()
    await service.restart()
    const later = openBrowser(service)
    later.carry(cookie)
    await later.admin.account.current.query()
  })
})

it('the cookie is out of reach for scripts, other sites and plain connections', async () => {
  const service = await startWithAdministrator()
  const { browser } = await enrol(service)
  const attributes = 'HttpOnly; Secure; SameSite=Strict; Path=/'
  expect(browser.setCookies.map((line) => line.replace(/=[\w-]{43};/, ';'))).toEqual([
    `__Host-mianmi-operator; ${attributes}`,
    `__Host-mianmi-operator; ${attributes}`,
    `__Host-mianmi-browser; Max-Age=7776000; ${attributes}`,
  ])
})

it('replies to an administrator must not be cached', async () => {
  const service = await startWithAdministrator()
  const { headers } = await fetch(`${service.url()}/admin/trpc/settings`)
  expect(headers.get('cache-control')).toBe('no-store')
})

it('the database holds no token, no secret of an app and no recovery code', async () => {
  const service = await startWithAdministrator()
  const { browser, secret, recoveryCodes } = await enrol(service)
  const { sqlite } = service.database()
  const files = Buffer.concat([sqlite.name, `${sqlite.name}-wal`].map((file) => readFileSync(file)))
  const sealed = sqlite.prepare('select sealed_secret from operator_factors').pluck().get()
  const token = browser.cookie()?.split('=')[1] ?? ''
  expect(token).toHaveLength(43)
  for (const held of [token, secret, ...recoveryCodes, ...recoveryCodes.map(withoutHyphens)]) {
    expectUnreadable(files, held)
    expectUnreadable(Buffer.from(String(sealed), 'base64url'), held)
  }
})

const withoutHyphens = (code: string): string => code.replaceAll('-', '')

it('a service without an administrator refuses every sign-in', async () => {
  const { signIn } = openBrowser(await startService()).admin.account
  expect(await reasonOf(signIn.mutate(admin))).toBe('credential_rejected')
})
