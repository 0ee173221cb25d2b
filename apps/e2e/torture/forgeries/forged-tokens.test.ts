import { createPublicKey, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLocalJWKSet, type JWK, jwtVerify } from 'jose'
import { expect, it, onTestFinished } from 'vitest'
import { report } from '../stage/figures.ts'
import { rounds } from '../stage/length.ts'
import { type Stage, setStage } from '../stage/stage.ts'
import { forgeries } from './forged-tokens.ts'

/** A server that a verifier would ask which believes `jku` or `x5u`. */
async function setTrap() {
  let caught = 0
  const server = createServer((_request, response) => {
    caught += 1
    response.end('{"keys":[]}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, caught: () => caught }
}

const isPrintable = (text: string) => /^[\x20-\x7e\t]*$/.test(text)

/** How a token can be shown to the service. */
const doors: Record<string, (token: string) => { path: string; headers: Record<string, string> }> =
  {
    bearer: (token) => ({ path: '/trpc/me', headers: { authorization: `Bearer ${token}` } }),
    header: (token) => ({ path: '/auth/queryUserNow', headers: { sid: token } }),
    cookie: (token) => ({ path: '/auth/queryUserNow', headers: { cookie: `sid=${token}` } }),
  }

async function acceptedAt(stage: Stage, token: string): Promise<string[]> {
  const accepted: string[] = []
  for (const [name, door] of Object.entries(doors)) {
    const { path, headers } = door(token)
    const { status } = await stage.caller.send(path, { headers })
    if (status !== 401 && status !== 431) accepted.push(`${name}: ${status}`)
  }
  return accepted
}

it('no forged access token is accepted, at no door', async () => {
  const stage = await setStage()
  const trap = await setTrap()
  const { tokens } = await stage.signIn('ming')
  const token = tokens.accessToken
  const { body } = await stage.caller.send('/.well-known/jwks.json')
  const [jwk] = (JSON.parse(body) as { keys: JWK[] }).keys
  if (jwk === undefined) throw new Error('no key is published')
  const publicKey = createPublicKey({ key: jwk as never, format: 'jwk' })
  const all = await forgeries({ token, jwk, publicKey, trap: trap.url })
  const accepted: string[] = []
  for (const { name, token: forged } of all.filter((forgery) => isPrintable(forgery.token)))
    for (const door of await acceptedAt(stage, forged)) accepted.push(`${name} at ${door}`)
  report('forged access tokens', { kinds: all.length, accepted: accepted.length })
  expect(accepted).toEqual([])
  expect(trap.caught()).toBe(0)
  expect(await acceptedAt(stage, token)).toHaveLength(3)
  // What we are stricter in than the standard: other services, with a stock library, need not be.
  const twin = all.find(({ name }) => name === 'signature: the other of its pair')
  await jwtVerify(twin?.token ?? '', createLocalJWKSet({ keys: [jwk] }))
})

/** The text with one letter changed, or cut, or longer. */
function altered(text: string): string {
  const at = randomInt(text.length)
  const letter = String.fromCharCode(33 + randomInt(94))
  const kind = randomInt(4)
  if (kind === 0) return text.slice(0, at)
  if (kind === 1) return text.slice(0, at) + letter + text.slice(at)
  return text.slice(0, at) + letter + text.slice(at + 1)
}

it('no altered token of any kind is accepted', async () => {
  const stage = await setStage({ env: { SIGN_UP: 'bind' } })
  const phone = { type: 'phone', code: stage.wechat.phoneCode('13800138000') }
  const bind = (ticket: string) =>
    stage.caller.call<{ tokens: { accessToken: string; refreshToken: string } }>('bind', {
      input: { proof: { ticket }, credential: phone },
    })
  const ticket = await stage.ticketFor('ming')
  const { data } = await bind(ticket)
  const { accessToken, refreshToken } = data?.tokens ?? { accessToken: '', refreshToken: '' }
  const [session = '', counter = '', mac = ''] = refreshToken.split('.')
  const future = [1, 2, 1e6, 2 ** 40].map(
    (by) => `${session}.${(by + Number(counter)).toString(36)}.${mac}`,
  )
  const spelled = [
    `${refreshToken}=`,
    `${refreshToken}.`,
    `${session}.00.${mac}`,
    `${session}..${mac}`,
  ]
  const accepted: string[] = []
  let tried = 0
  const refuse = async (forged: string, reason: Promise<{ reason: string | null }>) => {
    tried += 1
    const { reason: answer } = await reason
    if (answer === null) accepted.push(forged)
  }
  const refresh = (token: string) =>
    stage.caller.call('session.refresh', { input: { refreshToken: token } })
  for (const forged of [...future, ...spelled]) await refuse(forged, refresh(forged))
  for (const _ of rounds({ short: 200, long: 20_000 })) {
    const [a, b, c] = [altered(accessToken), altered(refreshToken), altered(ticket)]
    if (a !== accessToken) await refuse(a, stage.caller.call('me', { token: a }))
    if (b !== refreshToken) await refuse(b, refresh(b))
    if (c !== ticket && c !== '') await refuse(c, bind(c))
  }
  report('altered tokens', { tried, accepted: accepted.length })
  expect(accepted).toEqual([])
  expect((await refresh(refreshToken)).reason).toBeNull()
  expect((await stage.miniLogin('ming')).reason).toBeNull()
})
