import { describe, expect, it } from 'vitest'
import {
  appId,
  login,
  reasonOf,
  register,
  startService,
  type TestService,
  ticketFor,
} from '../harness.ts'

const password = 'correct horse'
const loginPath = '/sns/jscode2session'

/** Calls a procedure from an address behind a trusted proxy; returns the reason of its refusal, or `ok`. */
async function callFrom(
  service: TestService,
  address: string,
  [procedure, input]: [string, object],
): Promise<string> {
  const response = await fetch(`${service.url()}/trpc/${procedure}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    body: JSON.stringify(input),
  })
  const reply = (await response.json()) as { error?: { data: { reason: string } } }
  return reply.error?.data.reason ?? 'ok'
}

const times = (reasons: readonly string[], reason: string): number =>
  reasons.filter((each) => each === reason).length

describe('names that register tries', () => {
  it('are five a ticket, also after a restart, and none is hashed for that is taken', async () => {
    const service = await startService()
    await register(service, 'ming', 'ming')
    const proof = { ticket: await ticketFor(service, 'hong') }
    const attempt = (account: string) =>
      reasonOf(service.client().register.mutate({ proof, account, password }))
    expect(await attempt('ming')).toBe('account_taken')
    await service.restart()
    const reasons = await Promise.all(Array.from({ length: 40 }, () => attempt('ming')))
    expect(times(reasons, 'account_taken')).toBe(4)
    expect(times(reasons, 'ticket_rejected')).toBe(36)
    await register(service, 'hong', 'hong')
  })

  it('are five in five minutes for a person who comes with codes', async () => {
    const service = await startService()
    await register(service, 'ming', 'ming')
    const attempt = async () => {
      const proof = { appId, code: await service.code('hong') }
      return reasonOf(service.client().register.mutate({ proof, account: 'ming', password }))
    }
    const reasons = await Promise.all(Array.from({ length: 20 }, attempt))
    expect(times(reasons, 'account_taken')).toBe(5)
    expect(times(reasons, 'rate_limited')).toBe(15)
    expect((await login(service, 'hong')).status).toBe('unbound')
  })

  it('are five in five minutes for the first password of a user too', async () => {
    const service = await startService({ SIGN_UP: 'auto' })
    const signedIn = await login(service, 'hong')
    if (signedIn.status !== 'signedIn') throw new Error('not signed in')
    const { account } = service.client(signedIn.tokens.accessToken)
    const attempt = async (name: string) =>
      reasonOf(
        account.changePassword.mutate({
          code: await service.code('hong'),
          newPassword: password,
          account: name,
        }),
      )
    const fang = await login(service, 'fang')
    if (fang.status !== 'signedIn') throw new Error('not signed in')
    await service.client(fang.tokens.accessToken).account.changePassword.mutate({
      code: await service.code('fang'),
      newPassword: password,
      account: 'taken',
    })
    for (let count = 0; count < 5; count++) expect(await attempt('taken')).toBe('account_taken')
    expect(await attempt('free')).toBe('rate_limited')
  })
})

describe('refused codes', () => {
  it('reach WeChat sixty times a minute from a network, and an owner signs in some seconds later', async () => {
    const service = await startService({ TRUST_PROXY: '127.0.0.0/8' })
    await register(service, 'ming', 'ming')
    const before = await service.wechatCalls(loginPath)
    const home = '203.0.113.7'
    const guesses = Array.from({ length: 90 }, (_, index) =>
      callFrom(service, home, ['miniLogin', { appId, code: `made up ${index}` }]),
    )
    const reasons = await Promise.all(guesses)
    expect(times(reasons, 'code_rejected')).toBe(60)
    expect(times(reasons, 'rate_limited')).toBe(30)
    expect((await service.wechatCalls(loginPath)) - before).toBe(60)
    const signIn = async (address: string) =>
      callFrom(service, address, ['miniLogin', { appId, code: await service.code('ming') }])
    expect(await signIn('203.0.113.8')).toBe('ok')
    expect(await signIn(home)).toBe('rate_limited')
    service.passTime(10_000)
    expect(await signIn(home)).toBe('ok')
  })

  it('of a phone reach WeChat ten times for a ticket', async () => {
    const service = await startService()
    const proof = { ticket: await ticketFor(service, 'ming') }
    const attempt = (code: string) =>
      reasonOf(service.client().bind.mutate({ proof, credential: { type: 'phone', code } }))
    const reasons = await Promise.all(Array.from({ length: 14 }, (_, index) => attempt(`${index}`)))
    expect(times(reasons, 'phone_rejected')).toBe(10)
    expect(times(reasons, 'rate_limited')).toBe(4)
    expect((await login(service, 'ming')).status).toBe('unbound')
  })

  it('are not those that WeChat accepts, however many come at once', async () => {
    const service = await startService()
    const people = Array.from({ length: 80 }, (_, index) => `person ${index}`)
    const codes = await Promise.all(people.map((person) => service.code(person)))
    const results = await Promise.all(
      codes.map((code) => service.client().miniLogin.mutate({ appId, code })),
    )
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['unbound']))
  })
})

describe('an IPv6 network', () => {
  it('is a /64, of which ten limits hold for a /48; an IPv4 address in IPv6 is the same as in IPv4', async () => {
    // A hundredth: one wrong password from a network, and ten from a /48.
    const service = await startService({ RATE_LIMIT_FACTOR: '0.01', TRUST_PROXY: '127.0.0.0/8' })
    let guesser = 0
    const guessFrom = async (address: string) => {
      const account = `account-${++guesser}`
      const proof = { appId, code: await service.code(account) }
      const credential = { type: 'password', account, password: 'wrong password' }
      return callFrom(service, address, ['bind', { proof, credential }])
    }
    for (let subnet = 0; subnet < 10; subnet++)
      expect(await guessFrom(`2001:db8:1:${subnet}::${subnet}`)).toBe('credential_rejected')
    expect(await guessFrom('2001:db8:1:3:ffff::1')).toBe('rate_limited')
    expect(await guessFrom('2001:db8:1:ffff::1')).toBe('rate_limited')
    expect(await guessFrom('[2001:db8:2:1::1]:4711')).toBe('credential_rejected')
    expect(await guessFrom('::ffff:203.0.113.7')).toBe('credential_rejected')
    expect(await guessFrom('203.0.113.7')).toBe('rate_limited')
  })
})

describe('the sessions of a user', () => {
  it('are a hundred, and the oldest goes', async () => {
    const service = await startService({ RATE_LIMIT_FACTOR: '10' })
    const opened = [await register(service, 'ming', 'ming')]
    for (let count = 1; count < 103; count++) {
      // WeChat allows a person 100 logins a minute.
      service.passTime(1_000)
      const result = await login(service, 'ming')
      if (result.status === 'signedIn') opened.push(result)
    }
    const tokens = opened.map((each) => each.tokens)
    const me = (index: number) => service.client(tokens.at(index)?.accessToken).me.query()
    const { sessions } = await service.client(tokens.at(-1)?.accessToken).session.list.query()
    expect(sessions).toHaveLength(100)
    for (const index of [0, 1, 2]) expect(await reasonOf(me(index))).toBe('unauthenticated')
    const { refreshToken = '' } = tokens[0] ?? {}
    expect(await reasonOf(service.client().session.refresh.mutate({ refreshToken }))).toBe(
      'unauthenticated',
    )
    await me(3)
    await me(-1)
  })
})
