import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  appId,
  login,
  otherAppId,
  reasonOf,
  register,
  startService,
  type TestService,
  ticketFor,
} from '../harness.ts'
import { expectUnreadable } from '../readable.ts'

const password = 'correct horse'

/** A guess with a fresh login code, so that no ticket limits it. */
let guessers = 0
async function guess(service: TestService, account: string, secret: string): Promise<string> {
  const person = `guesser-${++guessers}`
  const proof = { appId: otherAppId, code: await service.code(person, otherAppId) }
  const credential = { type: 'password', account, password: secret } as const
  return reasonOf(service.client().bind.mutate({ proof, credential }))
}

const auditOf = (service: TestService) => async () => {
  // The log is written behind the answers, at the end of the same turn of the event loop.
  await new Promise((resolve) => setImmediate(resolve))
  return service
    .database()
    .sqlite.prepare(
      `select action, outcome, coalesce(subject.user_id, line.user_id) as user_id, app_id, address, device
       from audit_events as line left join audit_subjects as subject on pseudonym = line.user_id order by id`,
    )
    .all() as Record<string, string | null>[]
}

describe('guessing', () => {
  it('ends after ten wrong passwords for an account, and its owner still signs in through WeChat', async () => {
    const service = await startService()
    await register(service, 'ming', 'ming')
    const guesses = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        guess(service, i % 2 ? 'ming' : 'ＭＩＮＧ', `wrong-${i}`),
      ),
    )
    expect(guesses.filter((reason) => reason === 'credential_rejected')).toHaveLength(10)
    expect(guesses.filter((reason) => reason === 'rate_limited')).toHaveLength(10)
    expect(await guess(service, 'ming', password)).toBe('rate_limited')
    expect((await login(service, 'ming')).status).toBe('signedIn')
    await service.restart()
    expect(await guess(service, 'ming', password)).toBe('rate_limited')
    service.passTime(15 * 60_000)
    expect(await guess(service, 'ming', 'wrong')).toBe('credential_rejected')
  })

  it('sends a retry-after', async () => {
    const service = await startService()
    for (let i = 0; i < 10; i++) await guess(service, 'no-such-user', 'wrong')
    const proof = { appId: otherAppId, code: await service.code('guesser', otherAppId) }
    const credential = { type: 'password', account: 'no-such-user', password } as const
    const error = await service
      .client()
      .bind.mutate({ proof, credential })
      .catch((refused: { data: object }) => refused.data)
    expect(error).toMatchObject({ reason: 'rate_limited', httpStatus: 429 })
    const { retryAfter } = error as { retryAfter: number }
    expect(retryAfter).toBeGreaterThan(890)
    expect(retryAfter).toBeLessThanOrEqual(900)
  })

  it('ends at the limit of wrong passwords from one address, for which right ones count nothing', async () => {
    // A tenth of the limits: 10 wrong passwords from an address, and 1 for an account.
    const service = await startService({ RATE_LIMIT_FACTOR: '0.1' })
    await register(service, 'ming', 'ming')
    const signIn = async () => {
      const proof = { appId, code: await service.code('ming') }
      const credential = { type: 'password', account: 'ming', password } as const
      return service.client().bind.mutate({ proof, credential })
    }
    for (let time = 0; time < 12; time++) expect((await signIn()).status).toBe('signedIn')
    for (let time = 1; time <= 9; time++)
      expect(await guess(service, `account-${time}`, 'wrong')).toBe('credential_rejected')
    expect((await signIn()).status).toBe('signedIn')
    expect(await guess(service, 'account-10', 'wrong')).toBe('credential_rejected')
    expect(await guess(service, 'account-11', 'wrong')).toBe('rate_limited')
    expect(await reasonOf(signIn())).toBe('rate_limited')
  })

  it('answers a wrong password and an unknown account with the same bytes', async () => {
    const service = await startService()
    await register(service, 'ming', 'ming')
    const attempt = async (account: string) => {
      const proof = { ticket: await ticketFor(service, `bytes-${account}`) }
      const credential = { type: 'password', account, password: 'wrong password' }
      const response = await fetch(`${service.url()}/trpc/bind`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ proof, credential }),
      })
      const trace = response.headers.get('x-trace-id') ?? 'none'
      return [response.status, (await response.text()).replace(trace, '')]
    }
    expect(await attempt('no-such-user')).toEqual(await attempt('ming'))
  })

  it('counts addresses behind a trusted proxy separately, and trusts no other', async () => {
    const fromAddress = async (service: TestService, address: string) => {
      const proof = { appId: otherAppId, code: await service.code(address, otherAppId) }
      const credential = { type: 'password', account: address, password: 'wrong password' }
      const response = await fetch(`${service.url()}/trpc/bind`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
        body: JSON.stringify({ proof, credential }),
      })
      return response.status
    }
    // A hundredth of a hundred: one wrong password from an address.
    const limits = { RATE_LIMIT_FACTOR: '0.01' }
    const trusting = await startService({ ...limits, TRUST_PROXY: '127.0.0.0/8' })
    expect(await fromAddress(trusting, '203.0.113.1')).toBe(401)
    expect(await fromAddress(trusting, '203.0.113.2')).toBe(401)
    expect(await fromAddress(trusting, '2001:db8::1')).toBe(401)
    expect(await fromAddress(trusting, '2001:db8::2')).toBe(429)
    const alone = await startService(limits)
    expect(await fromAddress(alone, '203.0.113.1')).toBe(401)
    expect(await fromAddress(alone, '203.0.113.2')).toBe(429)
  })

  it('a person logs in sixty times a minute and no more', async () => {
    const service = await startService({ RATE_LIMIT_FACTOR: '0.1' })
    for (let i = 0; i < 6; i++) await login(service, 'ming')
    expect(await reasonOf(login(service, 'ming'))).toBe('rate_limited')
    await login(service, 'hong')
    service.passTime(60_000)
    await login(service, 'ming')
  })
})

describe('the audit log', () => {
  it('tells who did what, where and how it ended', async () => {
    const service = await startService()
    const audit = auditOf(service)
    const { tokens, user } = await register(service, 'ming', 'ming')
    const client = service.client(tokens.accessToken)
    await client.account.updateProfile.mutate({ nickname: '小明' })
    await guess(service, 'ming', 'wrong password')
    await client.session.signOut.mutate()
    const events = await audit()
    expect(events.map(({ action, outcome }) => [action, outcome])).toEqual([
      ['sign_in', 'unbound'],
      ['register', 'ok'],
      ['profile_change', 'ok'],
      ['bind', 'credential_rejected'],
      ['sign_out', 'ok'],
    ])
    expect(events[1]).toEqual({
      action: 'register',
      outcome: 'ok',
      user_id: user.id,
      app_id: appId,
      address: '127.0.0.1',
      device: 'node',
    })
  })

  it('tells the reuse of a refresh token from an old one', async () => {
    const service = await startService()
    const { tokens } = await register(service, 'ming', 'ming')
    let { refreshToken } = tokens
    for (let i = 0; i < 3; i++)
      ({ refreshToken } = await service.client().session.refresh.mutate({ refreshToken }))
    await reasonOf(service.client().session.refresh.mutate({ refreshToken: tokens.refreshToken }))
    expect((await auditOf(service)()).at(-1)).toMatchObject({
      action: 'refresh_reuse',
      outcome: 'unauthenticated',
    })
  })

  it('keeps the lines of a deleted user, with address and device, under a pseudonym alone', async () => {
    const service = await startService()
    const { tokens, user } = await register(service, 'ming', 'ming')
    await service
      .client(tokens.accessToken)
      .account.delete.mutate({ confirm: true, code: await service.code('ming') })
    const events = await auditOf(service)()
    const [, registered, removed] = events
    expect(events.map(({ action }) => action)).toEqual(['sign_in', 'register', 'account_delete'])
    expect(removed).toMatchObject({ address: '127.0.0.1', device: 'node' })
    expect(registered).toMatchObject({ address: '127.0.0.1', device: 'node' })
    expect(registered?.['user_id']).toBe(removed?.['user_id'])
    expect(removed?.['user_id']).toMatch(/^p-[0-9a-f]{32}$/)
    const { sqlite } = service.database()
    for (const file of [sqlite.name, `${sqlite.name}-wal`])
      expectUnreadable(readFileSync(file), user.id)
  })
})

describe('open data', () => {
  const decrypt = async (service: TestService, token: string, options: object = {}) => {
    const { encryptedData, iv } = await service.playWechat<{ encryptedData: string; iv: string }>(
      'encrypt',
      { appId, user: 'ming', data: { city: '广州' }, ...options },
    )
    return service.client(token).openData.decrypt.mutate({ encryptedData, iv })
  }

  it('decrypts what belongs to the current session key, and to the one before it', async () => {
    const service = await startService()
    const { tokens } = await register(service, 'ming', 'ming')
    expect((await decrypt(service, tokens.accessToken)).data).toMatchObject({ city: '广州' })
    await login(service, 'ming')
    const late = await decrypt(service, tokens.accessToken, { previousKey: true })
    expect(late.data).toMatchObject({ city: '广州' })
  })

  it.each([
    ['old', { watermark: { timestamp: 1_477_314_187 } }],
    ['of another app', { watermark: { appid: otherAppId } }],
    ['of another person', { data: { openId: 'somebody' } }],
  ])('refuses data that is %s', async (_title, options) => {
    const service = await startService()
    const { tokens } = await register(service, 'ming', 'ming')
    const call = decrypt(service, tokens.accessToken, options)
    expect(await reasonOf(call)).toBe('data_rejected')
  })

  it('keeps no session key readable in the database files', async () => {
    const service = await startService()
    await register(service, 'ming', 'ming')
    // Both codes stand for one session key: each `wx.login` rotates it, and an exchange does not.
    const [first, second] = [await service.code('ming'), await service.code('ming')]
    const sessionKey = await exchangeAtWechat(service, second)
    await service.client().miniLogin.mutate({ appId, code: first })
    const unbound = [await service.code('hong'), await service.code('hong')] as const
    const unboundKey = await exchangeAtWechat(service, unbound[1])
    await service.client().miniLogin.mutate({ appId, code: unbound[0] })
    const { sqlite } = service.database()
    const count = (table: string) => sqlite.prepare(`select count(*) from ${table}`).pluck().get()
    expect([count('identities'), count('tickets')]).toEqual([1, 2])
    const sealed = sqlite
      .prepare<[], string>(
        `select sealed_key from identities union select previous_key from identities
         union select sealed_key from tickets`,
      )
      .pluck()
      .all()
    const path = sqlite.name
    for (const key of [sessionKey, unboundKey]) {
      for (const file of [path, `${path}-wal`]) expectUnreadable(readFileSync(file), key)
      for (const each of sealed) expectUnreadable(Buffer.from(each, 'base64url'), key)
    }
  })
})

/** Asks WeChat itself for the session key behind a login code. */
async function exchangeAtWechat(service: TestService, code: string): Promise<string> {
  const url = new URL('/sns/jscode2session', service.sandboxUrl)
  const query = { appid: appId, secret: 'secret-one', js_code: code }
  url.search = new URLSearchParams({ ...query, grant_type: 'authorization_code' }).toString()
  const reply = (await (await fetch(url)).json()) as { session_key: string }
  expect(Buffer.from(reply.session_key, 'base64')).toHaveLength(16)
  return reply.session_key
}
