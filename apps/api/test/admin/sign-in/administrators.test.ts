import { describe, expect, it } from 'vitest'
import { reasonOf, type TestService } from '../../harness.ts'
import { admin, codeOf, enrol, openBrowser, startWithAdministrator } from '../client.ts'

const boss = { account: 'boss', password: 'the secret of the boss' }

/** `ops` is signed in, and so is `boss`, whom `ops` has added. Codes are of a time step that was not used. */
async function startWithTwo() {
  const service = await startWithAdministrator()
  const ops = await enrol(service)
  service.passTime(30_000)
  const added = await ops.browser.admin.administrators.add.mutate({
    ...boss,
    code: codeOf(service, ops.secret),
  })
  const { enrolmentCode } = added
  const second = await enrol(service, openBrowser(service), { account: boss, enrolmentCode })
  service.passTime(30_000)
  const opsId = (await ops.browser.admin.account.current.query()).operator.id
  return { service, ops, boss: second, added, opsId }
}

const list = async ({ browser }: { browser: ReturnType<typeof openBrowser> }) =>
  (await browser.admin.administrators.list.query()).administrators

describe('administrators', () => {
  it('are added with an enrolment code for a day, and listed', async () => {
    const { service, ops, added, opsId } = await startWithTwo()
    const until = Date.parse(added.enrolmentCodeExpiresAt)
    expect(until - service.now()).toBeLessThanOrEqual(24 * 3_600_000)
    expect(await list(ops)).toMatchObject([
      { id: opsId, account: 'ops', hasSecondFactor: true, enrolmentExpiresAt: null },
      { id: added.id, account: 'boss', hasSecondFactor: true, disabledAt: null },
    ])
  })

  it('remain at least one, of two who remove or disable each other at once', async () => {
    const { service, ops, boss: other, added, opsId } = await startWithTwo()
    const results = await Promise.allSettled([
      ops.browser.admin.administrators.remove.mutate({
        userId: added.id,
        code: codeOf(service, ops.secret),
      }),
      other.browser.admin.administrators.remove.mutate({
        userId: opsId,
        code: codeOf(service, other.secret),
      }),
      ops.browser.admin.people.disable.mutate({ userId: added.id }),
      other.browser.admin.people.disable.mutate({ userId: opsId }),
    ])
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0)
    const able = service
      .database()
      .sqlite.prepare("select count(*) from users where role = 'admin' and disabled_at is null")
    expect(able.pluck().get()).toBe(1)
  })

  it('lose the role: the console refuses, and the mini program takes name and password', async () => {
    const { service, ops, boss: other, added } = await startWithTwo()
    const request = { userId: added.id, code: codeOf(service, ops.secret) }
    await ops.browser.admin.administrators.remove.mutate(request)
    expect(await reasonOf(other.browser.admin.account.current.query())).toBe('unauthenticated')
    expect(await reasonOf(other.browser.admin.account.signIn.mutate(boss))).toBe(
      'credential_rejected',
    )
    const proof = { appId: 'wx00000000000000a1', code: await service.code('boss') }
    const credential = { type: 'password', ...boss } as const
    const { user } = await service.client().bind.mutate({ proof, credential })
    expect(user).toMatchObject({ id: added.id, role: 'user' })
  })

  it('get another factor from one who proves a fresh code, and use it at once', async () => {
    const { service, ops, boss: other, added } = await startWithTwo()
    const { resetFactor } = ops.browser.admin.administrators
    const request = { userId: added.id, code: codeOf(service, ops.secret) }
    expect(await reasonOf(resetFactor.mutate({ ...request, code: '000000' }))).toBe(
      'credential_rejected',
    )
    const { enrolmentCode } = await resetFactor.mutate(request)
    expect(await reasonOf(resetFactor.mutate(request))).toBe('credential_rejected')
    expect(await reasonOf(other.browser.admin.account.current.query())).toBe('unauthenticated')
    await enrol(service, other.browser, { account: boss, enrolmentCode })
  })

  it('refuse themselves only where no other could sign in', async () => {
    const { service, ops, added, opsId } = await startWithTwo()
    const { administrators } = ops.browser.admin
    const proof = () => ({ code: codeOf(service, ops.secret) })
    await administrators.remove.mutate({ userId: added.id, ...proof() })
    service.passTime(30_000)
    expect(await reasonOf(administrators.remove.mutate({ userId: opsId, ...proof() }))).toBe(
      'last_credential',
    )
    expect(await reasonOf(administrators.resetFactor.mutate({ userId: opsId, ...proof() }))).toBe(
      'last_credential',
    )
  })

  it('lose every console session with endSessions', async () => {
    const { ops, boss: other, added } = await startWithTwo()
    const { admin: console } = ops.browser
    expect(await console.people.endSessions.mutate({ userId: added.id })).toEqual({ ended: 1 })
    expect(await reasonOf(other.browser.admin.account.current.query())).toBe('unauthenticated')
  })
})

describe('the enrolment code', () => {
  const enrolBy = async (service: TestService, enrolmentCode: string) => {
    const { account } = openBrowser(service).admin
    await account.signIn.mutate(admin)
    return account.enrol.mutate({ enrolmentCode })
  }

  it('is wanted beside the password, however it is typed, and ends after a day', async () => {
    const service = await startWithAdministrator()
    const code = service.enrolmentCode()
    expect(code).toMatch(/^(\w{4}-){4}\w{4}$/)
    expect(await reasonOf(enrolBy(service, 'AAAA-AAAA-AAAA-AAAA-AAAA'))).toBe('credential_rejected')
    await enrolBy(service, ` ${code.toLowerCase().replaceAll('-', ' ')} `)
    service.passTime(24 * 3_600_000)
    expect(await reasonOf(enrolBy(service, code))).toBe('credential_rejected')
  })

  it('is not made again by the next start, which says what to do once it has expired', async () => {
    const lines: { msg: string; account?: string }[] = []
    const logStream = { write: (text: string) => void lines.push(JSON.parse(text)) }
    const service = await startWithAdministrator({ LOG_LEVEL: 'warn' }, { logStream })
    const code = service.enrolmentCode()
    await service.restart()
    expect(service.enrolmentCode()).toBe(code)
    expect(lines.map(({ msg }) => msg)).toEqual([expect.stringContaining('ADMIN_ACCOUNT')])
    service.passTime(24 * 3_600_000)
    await service.restart()
    expect(lines.at(-1)).toMatchObject({
      account: 'ops',
      msg: expect.stringContaining('reset-totp'),
    })
    expect(JSON.stringify(lines)).not.toContain(code)
    expect(JSON.stringify(lines)).not.toContain(admin.password)
  })

  it('is no warning at the first start', async () => {
    const lines: string[] = []
    const logStream = { write: (text: string) => void lines.push(text) }
    await startWithAdministrator({ LOG_LEVEL: 'warn' }, { logStream })
    expect(lines).toEqual([])
  })
})
