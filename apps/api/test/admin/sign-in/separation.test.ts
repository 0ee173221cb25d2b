import { describe, expect, it } from 'vitest'
import { appId, login, otherAppId, reasonOf, register, type TestService } from '../../harness.ts'
import { codeOf, openBrowser, startWithAdministrator } from '../client.ts'

const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='

interface LogLine {
  readonly msg: string
  readonly adminId?: string
  readonly userId?: string
}

function collectLog() {
  const lines: LogLine[] = []
  const logStream = { write: (text: string) => void lines.push(JSON.parse(text)) }
  return { lines, logStream }
}

/** Gives the role to a user of the mini program, as an earlier version allowed it, with an enrolment code. */
function makeAdministrator(service: TestService, userId: string): void {
  const { sqlite } = service.database()
  sqlite.prepare("update users set role = 'admin' where id = ?").run(userId)
  sqlite.prepare('update enrolment_codes set user_id = ?').run(userId)
}

/** A user of the mini program who became an administrator in an earlier version, and has signed in to the console. */
async function startMixed() {
  const { lines, logStream } = collectLog()
  const service = await startWithAdministrator({ LOG_LEVEL: 'warn' }, { logStream })
  const { tokens, user } = await register(service, 'boss', 'boss')
  const phone = service.client(tokens.accessToken)
  await phone.account.bindPhone.mutate({ code: await service.phoneCode('boss') })
  await phone.account.updateProfile.mutate({ nickname: '老板' })
  const { user: shown } = await phone.account.setAvatar.mutate({ image: png })
  makeAdministrator(service, user.id)
  const browser = openBrowser(service)
  const credentials = { account: 'boss', password: 'correct horse' }
  await browser.admin.account.signIn.mutate(credentials)
  const enrolmentCode = service.enrolmentCode()
  const { secret } = await browser.admin.account.enrol.mutate({ enrolmentCode })
  await browser.admin.account.proveCode.mutate({ code: codeOf(service, secret) })
  await service.restart()
  return {
    service,
    lines,
    tokens,
    user,
    shown,
    browser: openAgain(service, browser),
    secret,
    credentials,
  }
}

/** The same browser, which sends its cookies to the address of the restarted service. */
function openAgain(service: TestService, before: ReturnType<typeof openBrowser>) {
  const browser = openBrowser(service)
  browser.carry(before.cookie())
  return browser
}

describe('an administrator who was a user of a mini program in an earlier version', () => {
  it('stays signed in to the mini program as a new user, with everything but the account', async () => {
    const { service, tokens, user, shown } = await startMixed()
    const old = service.client(tokens.accessToken)
    expect(await reasonOf(old.me.query())).toBe('unauthenticated')
    const { refreshToken } = tokens
    const renewed = await service.client().session.refresh.mutate({ refreshToken })
    const me = await service.client(renewed.accessToken).me.query()
    expect(me.user).toEqual({ ...shown, id: me.user.id, account: null })
    expect(me.user.id).not.toBe(user.id)
    const claims = JSON.parse(
      String(Buffer.from(renewed.accessToken.split('.')[1] ?? '', 'base64url')),
    )
    expect(claims).toMatchObject({ sub: me.user.id })
    const identities = await service.client(renewed.accessToken).identity.list.query()
    expect(identities.identities).toMatchObject([{ appId, current: true }])
    const again = await login(service, 'boss')
    expect(again).toMatchObject({ status: 'signedIn', user: { id: me.user.id, role: 'user' } })
    const picture = new URL(me.user.avatarUrl ?? '').pathname
    expect((await fetch(`${service.url()}${picture}`)).status).toBe(200)
  })

  it('signs in to the console as before, and no WeChat leads there', async () => {
    const { service, user, browser, secret, credentials } = await startMixed()
    const { admin } = browser
    const { operator } = await admin.account.current.query()
    expect(operator).toMatchObject({ id: user.id, account: 'boss', nickname: null })
    service.passTime(30_000)
    const next = openBrowser(service)
    expect(await next.admin.account.signIn.mutate(credentials)).toEqual({ next: 'code' })
    await next.admin.account.proveCode.mutate({ code: codeOf(service, secret) })
    const view = await admin.people.view.query({ userId: user.id })
    expect(view).toMatchObject({
      person: { phone: null, role: 'admin' },
      identities: [],
      sessions: [],
    })
    const { items } = await admin.people.list.query({ search: '老板' })
    expect(items).toMatchObject([{ account: null, role: 'user' }])
    const [{ id: userId = '' } = {}] = items
    // Sealed for its new user.
    expect((await admin.people.revealPhone.mutate({ userId })).phone).toMatch(/^1\d{10}$/)
    const byPhone = {
      proof: { appId: otherAppId, code: await service.code('boss', otherAppId) },
      credential: { type: 'phone', code: await service.phoneCode('boss', otherAppId) },
    } as const
    const bound = await service.client().bind.mutate(byPhone)
    expect(bound.user.id).toBe(userId)
    const byPassword = {
      proof: { appId, code: await service.code('thief') },
      credential: { type: 'password', ...credentials },
    } as const
    expect(await reasonOf(service.client().bind.mutate(byPassword))).toBe('credential_rejected')
  })

  it('is named in both logs, once', async () => {
    const { service, lines, user, browser } = await startMixed()
    const separated = lines.filter(({ adminId }) => adminId === user.id)
    expect(separated).toMatchObject([{ phoneLost: false, userId: expect.any(String) }])
    await service.restart()
    expect(lines.filter(({ adminId }) => adminId === user.id)).toHaveLength(1)
    const { admin } = openAgain(service, browser)
    const action = 'system.administratorSeparated'
    const { items } = await admin.audit.list.query({ action })
    expect(items).toMatchObject([
      { outcome: 'ok', operatorId: user.id, userId: separated[0]?.userId, address: null },
    ])
  })
})

describe('an administrator without WeChat', () => {
  it('is left alone by the next start, with nickname and avatar', async () => {
    const { lines, logStream } = collectLog()
    const service = await startWithAdministrator({ LOG_LEVEL: 'warn' }, { logStream })
    const { sqlite } = service.database()
    sqlite.exec("update users set nickname = 'Ops'")
    const before = sqlite.prepare('select * from users').all()
    await service.restart()
    expect(service.database().sqlite.prepare('select * from users').all()).toEqual(before)
    expect(lines.filter(({ adminId }) => adminId !== undefined)).toEqual([])
  })
})
