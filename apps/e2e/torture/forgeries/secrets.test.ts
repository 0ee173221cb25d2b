import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SignedIn } from '@mianmi/contracts'
import { expect, it } from 'vitest'
import { dataOf, type Reply } from '../stage/caller.ts'
import { report } from '../stage/figures.ts'
import { appId, appSecret, password, type Stage, setStage } from '../stage/stage.ts'
import type { Mood } from '../stage/wechat.ts'

const sessionKey = Buffer.from('sentinel-session').toString('base64')
const phone = '13912345678'

/** Calls that are remembered with what they carried and what came back. */
function createWitness(stage: Stage) {
  const sent = new Map<string, string>()
  const replies: string[] = []
  const heard = ({ headers, body }: Reply) => replies.push(JSON.stringify(headers) + body)
  return {
    sent,
    replies,
    /** Gives a secret a name and passes it on. */
    secret: <T extends string>(name: string, value: T): T => {
      sent.set(`${name} ${sent.size}`, value)
      return value
    },
    async send(path: string, request?: Parameters<Stage['caller']['send']>[1]) {
      const reply = await stage.caller.send(path, request)
      heard(reply)
      return reply
    },
  }
}

type Witness = ReturnType<typeof createWitness>

/** Everything that takes a secret, done well and done wrong, at both doors. */
async function liveThrough(stage: Stage, { send, secret }: Witness): Promise<SignedIn> {
  const { wechat } = stage
  const code = (user: string) => secret('code', `${wechat.loginCode(user)}-sentinel`)
  const phoneCode = () => secret('phone code', `${wechat.phoneCode(phone)}-sentinel`)
  const good = () => secret('code', wechat.loginCode('ming'))
  const post = (path: string, input: unknown, token?: string) => send(path, { input, token })
  const ticket = secret('ticket', await stage.ticketFor('ming'))
  const wrong = {
    type: 'password',
    account: 'nobody',
    password: secret('wrong', 'sentinel-wrong-1'),
  }
  await post('/trpc/bind', { proof: { ticket }, credential: wrong })
  await post('/auth/bind', { ticket, account: 'nobody', password: wrong.password })
  await post('/trpc/register', { proof: { ticket }, account: 'ming', password, odd: password })
  const signedIn = dataOf(
    await stage.caller.call<SignedIn>('register', {
      input: { proof: { ticket }, account: 'ming', password },
    }),
  )
  const { accessToken, refreshToken } = signedIn.tokens
  await post(
    '/trpc/account.bindPhone',
    { code: secret('phone code', wechat.phoneCode(phone)) },
    accessToken,
  )
  await post('/trpc/account.bindPhone', { code: phoneCode() }, accessToken)
  const data = { encryptedData: 'AAAA', iv: sessionKey }
  await post('/trpc/openData.decrypt', data, accessToken)
  for (const path of [
    '/trpc/me',
    '/trpc/session.list',
    '/trpc/identity.list',
    '/auth/queryUserNow',
  ])
    await send(path, { token: accessToken })
  await send(`/trpc/me?token=${accessToken}&input=${encodeURIComponent(`"${password}"`)}`)
  await send(`/nowhere?code=${good()}&password=${password}`, { token: refreshToken })
  const moods: Mood[] = ['well', 'garbage', 'http500', 'cut', 'down', 'huge']
  for (const mood of moods) {
    wechat.become(mood)
    await post('/trpc/miniLogin', { appId, code: code('ming') })
    await post('/auth/miniLogin', { appId, code: code('ming'), secret: password })
  }
  wechat.become('well')
  await post('/trpc/session.refresh', { refreshToken: secret('bad token', `${refreshToken}x`) })
  await send('/trpc/miniLogin', { input: `{"code":"${good()}` })
  return signedIn
}

const within = (texts: Iterable<[string, string]>, secrets: Iterable<[string, string]>) =>
  [...texts].flatMap(([place, text]) =>
    [...secrets].filter(([, value]) => text.includes(value)).map(([name]) => `${name} in ${place}`),
  )

const filesOf = (folder: string) =>
  readdirSync(folder).map(
    (name) => [name, readFileSync(join(folder, name), 'latin1')] as [string, string],
  )

it('no secret leaves: not in replies, logs, metrics or the database files', async () => {
  const env = { SIGN_UP: 'bind', LOG_LEVEL: 'trace' }
  const stage = await setStage({ env, sessionKey })
  const witness = createWitness(stage)
  const { tokens } = await liveThrough(stage, witness)
  for (const path of ['/metrics', '/openapi.json', '/healthz', '/readyz', '/.well-known/jwks.json'])
    await witness.send(path)
  // While it runs there is a write-ahead log beside the database.
  const running = filesOf(stage.cwd)
  await stage.stop()
  const files = [...running, ...filesOf(stage.cwd)]
  const never = new Map([
    ...witness.sent,
    ['app secret', appSecret],
    ['session key', sessionKey],
    ['session key, raw', 'sentinel-session'],
    ['password', password],
    ['secret key', Buffer.alloc(32, 9).toString('base64')],
    ['access token', tokens.accessToken],
    ['refresh token', tokens.refreshToken],
    ['phone number', phone],
  ])
  const places: [string, string][] = [['the log', stage.log()], ...files]
  const replies = witness.replies.map((reply) => ['a reply', reply] as [string, string])
  const found = [...within([...places, ...replies], never)]
  report('secrets', {
    secrets: never.size,
    replies: replies.length,
    'bytes of log': stage.log().length,
    files: files.length,
    found: found.length,
  })
  expect(stage.log()).toContain('call refused')
  expect(files.map(([name]) => name)).toContain('mianmi.db-wal')
  expect(found).toEqual([])
})
