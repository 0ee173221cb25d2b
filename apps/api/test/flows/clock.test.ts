import { describe, expect, it } from 'vitest'
import { admin, codeOf, enrol, openBrowser, startWithAdministrator } from '../admin/client.ts'
import { appId, login, reasonOf, register, startService, ticketFor } from '../harness.ts'

const tenMinutes = 600_000

/** Signed in, with a ticket in somebody else's hand; then the clock jumps. */
async function signedInBefore(jump: number) {
  const service = await startService()
  const { tokens } = await register(service, 'ming', 'ming')
  const ticket = await ticketFor(service, 'hong')
  service.passTime(jump)
  const useTicket = () =>
    service
      .client()
      .register.mutate({ proof: { ticket }, account: 'hong', password: 'correct horse' })
  return { service, tokens, useTicket }
}

describe('a clock that jumps', () => {
  it.each([
    ['ahead', tenMinutes],
    ['back', -tenMinutes],
  ])('%s by ten minutes signs no user out', async (_title, jump) => {
    const { service, tokens } = await signedInBefore(jump)
    await service.client(tokens.accessToken).me.query()
    const { refreshToken } = tokens
    const renewed = await service.client().session.refresh.mutate({ refreshToken })
    await service.client(renewed.accessToken).me.query()
    expect((await login(service, 'ming')).status).toBe('signedIn')
    service.passTime(-jump)
    await service.client(renewed.accessToken).me.query()
    const again = { refreshToken: renewed.refreshToken }
    await service.client().session.refresh.mutate(again)
  })

  it('ahead by a year for seconds deletes no session', async () => {
    const { service, tokens } = await signedInBefore(366 * 86_400_000)
    await register(service, 'hong', 'hong')
    for (let index = 0; index < 3; index++) await login(service, 'hong')
    service.passTime(-366 * 86_400_000)
    await service.client(tokens.accessToken).me.query()
    await service.client().session.refresh.mutate({ refreshToken: tokens.refreshToken })
  })

  it('ahead lets tickets of five minutes die, and access tokens of fifteen live for five more', async () => {
    const { service, tokens, useTicket } = await signedInBefore(tenMinutes)
    expect(await reasonOf(useTicket())).toBe('ticket_rejected')
    service.passTime(tenMinutes / 2 - 5_000)
    await service.client(tokens.accessToken).me.query()
    service.passTime(5_000)
    expect(await reasonOf(service.client(tokens.accessToken).me.query())).toBe('unauthenticated')
  })

  it('back lets access tokens live for as much longer, and no longer, and tickets not at all', async () => {
    const { service, tokens, useTicket } = await signedInBefore(-tenMinutes)
    expect(await reasonOf(useTicket())).toBe('ticket_rejected')
    await register(service, 'hong', 'hong')
    service.passTime(1_495_000)
    await service.client(tokens.accessToken).me.query()
    service.passTime(5_000)
    expect(await reasonOf(service.client(tokens.accessToken).me.query())).toBe('unauthenticated')
  })

  it('back by more than half an hour ends the access tokens of the time ahead, and no session', async () => {
    const service = await startService()
    service.passTime(24 * 3_600_000)
    const { tokens } = await register(service, 'ming', 'ming')
    await service.client(tokens.accessToken).me.query()
    service.passTime(-24 * 3_600_000)
    expect(await reasonOf(service.client(tokens.accessToken).me.query())).toBe('unauthenticated')
    const { refreshToken } = tokens
    const renewed = await service.client().session.refresh.mutate({ refreshToken })
    await service.client(renewed.accessToken).me.query()
  })

  it('back ends the limits of the time ahead', async () => {
    const service = await startService({ RATE_LIMIT_FACTOR: '0.1' })
    const guess = async () => {
      const proof = { appId, code: await service.code('guesser') }
      const credential = { type: 'password', account: 'ming', password: 'wrong' } as const
      return reasonOf(service.client().bind.mutate({ proof, credential }))
    }
    const refusedCode = (code: string) =>
      reasonOf(service.client().miniLogin.mutate({ appId, code }))
    const reachAll = async (run: string) => {
      expect(await guess()).toBe('credential_rejected')
      expect(await guess()).toBe('rate_limited')
      for (let count = 0; count < 6; count++) await login(service, 'person')
      expect(await reasonOf(login(service, 'person'))).toBe('rate_limited')
      for (let count = 0; count < 6; count++)
        expect(await refusedCode(`${run} ${count}`)).toBe('code_rejected')
      expect(await refusedCode(`${run} last`)).toBe('rate_limited')
    }
    service.passTime(24 * 3_600_000)
    await reachAll('ahead')
    service.passTime(-24 * 3_600_000)
    await reachAll('mended')
  })

  it('back ends the console sessions of the time ahead, and shuts no administrator out', async () => {
    const service = await startWithAdministrator()
    service.passTime(3_600_000)
    const { browser, secret } = await enrol(service)
    await browser.admin.account.current.query()
    service.passTime(-3_600_000)
    expect(await reasonOf(browser.admin.account.current.query())).toBe('unauthenticated')
    const again = openBrowser(service)
    await again.admin.account.signIn.mutate(admin)
    await again.admin.account.proveCode.mutate({ code: codeOf(service, secret) })
    await again.admin.account.current.query()
  })

  it('back still lets a sign-out hold at once, and the replay of an older refresh token end the session', async () => {
    const { service, tokens } = await signedInBefore(-tenMinutes)
    const { tokens: others } = await register(service, 'fang', 'fang')
    await service.client(others.accessToken).session.signOut.mutate()
    expect(await reasonOf(service.client(others.accessToken).me.query())).toBe('unauthenticated')
    let { refreshToken } = tokens
    for (let i = 0; i < 3; i++)
      ({ refreshToken } = await service.client().session.refresh.mutate({ refreshToken }))
    const replay = service.client().session.refresh.mutate({ refreshToken: tokens.refreshToken })
    expect(await reasonOf(replay)).toBe('unauthenticated')
    expect(await reasonOf(service.client(tokens.accessToken).me.query())).toBe('unauthenticated')
  })
})
