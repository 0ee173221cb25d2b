import { createPublicKey, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLocalJWKSet, type JWK, jwtVerify } from 'jose'
import { expect, it, onTestFinished } from 'vitest'
import { report, tally } from '../harness/figures.ts'
import { type Harness, startHarness } from '../harness/harness.ts'
import { rounds } from '../harness/run-length.ts'
import { forgeries } from './forged-tokens.ts'

/** A key server that only a verifier which follows `jku` or `x5u` would call. */
async function startKeyServer() {
  let calls = 0
  const server = createServer((_request, response) => {
    calls += 1
    response.end('{"keys":[]}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, calls: () => calls }
}

const isPrintable = (text: string) => /^[\x20-\x7e\t]*$/.test(text)

/** The three ways to send an access token. */
const transports: Record<
  string,
  (token: string) => { path: string; headers: Record<string, string> }
> = {
  bearer: (token) => ({ path: '/trpc/me', headers: { authorization: `Bearer ${token}` } }),
  header: (token) => ({ path: '/auth/queryUserNow', headers: { sid: token } }),
  cookie: (token) => ({ path: '/auth/queryUserNow', headers: { cookie: `sid=${token}` } }),
}

async function acceptingTransports(harness: Harness, token: string): Promise<string[]> {
  const accepted: string[] = []
  for (const [name, transport] of Object.entries(transports)) {
    const { path, headers } = transport(token)
    const { status } = await harness.client.send(path, { headers })
    if (status !== 401 && status !== 431) accepted.push(`${name}: ${status}`)
  }
  return accepted
}

it('no forged access token is accepted, by bearer, header or cookie', async () => {
  const harness = await startHarness()
  const keyServer = await startKeyServer()
  const { tokens } = await harness.signIn('ming')
  const token = tokens.accessToken
  const { body } = await harness.client.send('/.well-known/jwks.json')
  const [jwk] = (JSON.parse(body) as { keys: JWK[] }).keys
  if (jwk === undefined) throw new Error('no key is published')
  const publicKey = createPublicKey({ key: jwk as never, format: 'jwk' })
  const forged = await forgeries({ token, jwk, publicKey, keyServerUrl: keyServer.url })
  const accepted: string[] = []
  for (const { name, token: candidate } of forged.filter((forgery) => isPrintable(forgery.token)))
    for (const transport of await acceptingTransports(harness, candidate))
      accepted.push(`${name} by ${transport}`)
  report('forged access tokens', { kinds: forged.length, accepted: accepted.length })
  expect(accepted).toEqual([])
  expect(keyServer.calls()).toBe(0)
  expect(await acceptingTransports(harness, token)).toHaveLength(3)
  // The service is stricter than the standard here: a stock JWT library accepts this token.
  const twin = forged.find(({ name }) => name === 'signature: (r, n − s)')
  await jwtVerify(twin?.token ?? '', createLocalJWKSet({ keys: [jwk] }))
})

/** Changes or inserts one character, or truncates the text. */
function alter(text: string): string {
  const at = randomInt(text.length)
  const character = String.fromCharCode(33 + randomInt(94))
  const kind = randomInt(4)
  if (kind === 0) return text.slice(0, at)
  if (kind === 1) return text.slice(0, at) + character + text.slice(at)
  return text.slice(0, at) + character + text.slice(at + 1)
}

it('no altered access token, refresh token or ticket is accepted', async () => {
  const harness = await startHarness({ env: { SIGN_UP: 'bind' } })
  const phone = { type: 'phone', code: harness.wechat.phoneCode('13800138000') }
  const bind = (ticket: string) =>
    harness.client.call<{ tokens: { accessToken: string; refreshToken: string } }>('bind', {
      input: { proof: { ticket }, credential: phone },
    })
  const ticket = await harness.ticketFor('ming')
  const { data } = await bind(ticket)
  const { accessToken, refreshToken } = data?.tokens ?? { accessToken: '', refreshToken: '' }
  const [session = '', counter = '', mac = ''] = refreshToken.split('.')
  const laterCounters = [1, 2, 1e6, 2 ** 40].map(
    (by) => `${session}.${(by + Number(counter)).toString(36)}.${mac}`,
  )
  const otherSpellings = [
    `${refreshToken}=`,
    `${refreshToken}.`,
    `${session}.00.${mac}`,
    `${session}..${mac}`,
  ]
  const reasons: string[] = []
  const attempt = async (call: Promise<{ reason: string | null }>) => {
    reasons.push((await call).reason ?? 'accepted')
  }
  const refresh = (token: string) =>
    harness.client.call('session.refresh', { input: { refreshToken: token } })
  for (const forged of [...laterCounters, ...otherSpellings]) await attempt(refresh(forged))
  for (const _ of rounds({ short: 200, long: 20_000 })) {
    const [access, refreshed, ticketText] = [alter(accessToken), alter(refreshToken), alter(ticket)]
    if (access !== accessToken) await attempt(harness.client.call('me', { token: access }))
    if (refreshed !== refreshToken) await attempt(refresh(refreshed))
    if (ticketText !== ticket && ticketText !== '') await attempt(bind(ticketText))
  }
  const counts = tally(reasons)
  report('altered tokens', { tried: reasons.length, accepted: counts['accepted'] ?? 0 })
  const { unauthenticated = 0, ticket_rejected = 0, invalid_input = 0 } = counts
  expect(unauthenticated + ticket_rejected + invalid_input, JSON.stringify(counts)).toBe(
    reasons.length,
  )
  expect((await refresh(refreshToken)).reason).toBeNull()
  expect((await harness.miniLogin('ming')).reason).toBeNull()
})
