import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SignedIn } from '@mianmi/contracts'
import { expect, it } from 'vitest'
import { findSecrets, type NamedText } from '../../test/secret-search.ts'
import { isOnPostgres } from '../../test/under-test/database.ts'
import type { WechatMode } from '../harness/fake-wechat.ts'
import { report } from '../harness/figures.ts'
import { appId, appSecret, type Harness, password, startHarness } from '../harness/harness.ts'
import { dataOf, type HttpReply } from '../harness/http-client.ts'

const sessionKey = Buffer.from('sentinel-session').toString('base64')
const phone = '13912345678'
const account = 'known-account'

/** Records the secrets that are sent and the replies that are received. */
function createRecorder(harness: Harness) {
  const secrets = new Map<string, string>()
  const replies: string[] = []
  return {
    secrets,
    replies,
    /** Records a secret under a name and returns it. */
    secret: <T extends string>(name: string, value: T): T => {
      secrets.set(`${name} ${secrets.size}`, value)
      return value
    },
    async send(
      path: string,
      request?: Parameters<Harness['client']['send']>[1],
    ): Promise<HttpReply> {
      const reply = await harness.client.send(path, request)
      replies.push(JSON.stringify(reply.headers) + reply.body)
      return reply
    },
  }
}

type Recorder = ReturnType<typeof createRecorder>

/** Makes valid and invalid calls with every kind of secret, over tRPC and plain HTTP. */
async function callWithSecrets(harness: Harness, { send, secret }: Recorder): Promise<SignedIn> {
  const { wechat } = harness
  const invalidCode = (user: string) => secret('code', `${wechat.loginCode(user)}-sentinel`)
  const invalidPhoneCode = () => secret('phone code', `${wechat.phoneCode(phone)}-sentinel`)
  const validCode = () => secret('code', wechat.loginCode('ming'))
  const post = (path: string, input: unknown, token?: string) => send(path, { input, token })
  const ticket = secret('ticket', await harness.ticketFor('ming'))
  const wrongCredential = {
    type: 'password',
    account: 'unknown',
    password: secret('wrong', 'sentinel-wrong-1'),
  }
  await post('/trpc/bind', { proof: { ticket }, credential: wrongCredential })
  await post('/auth/bind', { ticket, account: 'unknown', password: wrongCredential.password })
  await post('/trpc/register', { proof: { ticket }, account, password, unknownKey: password })
  const signedIn = dataOf(
    await harness.client.call<SignedIn>('register', {
      input: { proof: { ticket }, account, password },
    }),
  )
  const { accessToken, refreshToken } = signedIn.tokens
  await post(
    '/trpc/account.bindPhone',
    { code: secret('phone code', wechat.phoneCode(phone)) },
    accessToken,
  )
  await post('/trpc/account.bindPhone', { code: invalidPhoneCode() }, accessToken)
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
  await send(`/nowhere?code=${validCode()}&password=${password}`, { token: refreshToken })
  const modes: WechatMode[] = ['healthy', 'garbage', 'http500', 'cut', 'down', 'huge']
  for (const mode of modes) {
    wechat.setMode(mode)
    await post('/trpc/miniLogin', { appId, code: invalidCode('ming') })
    await post('/auth/miniLogin', { appId, code: invalidCode('ming'), secret: password })
  }
  wechat.setMode('healthy')
  await post('/trpc/session.refresh', { refreshToken: secret('bad token', `${refreshToken}x`) })
  await send('/trpc/miniLogin', { input: `{"code":"${validCode()}` })
  return signedIn
}

const readDatabase = ({ cwd, dump }: Harness): NamedText[] =>
  isOnPostgres
    ? [['database', dump()]]
    : readdirSync(cwd).map((name) => [name, readFileSync(join(cwd, name), 'latin1')])

it('no secret appears in replies, logs, metrics or the database', async () => {
  const env = { SIGN_UP: 'bind', LOG_LEVEL: 'trace' }
  const harness = await startHarness({ env, sessionKey })
  const recorder = createRecorder(harness)
  const { tokens } = await callWithSecrets(harness, recorder)
  for (const path of ['/metrics', '/openapi.json', '/healthz', '/readyz', '/.well-known/jwks.json'])
    await recorder.send(path)
  // The write-ahead log exists only while the service runs.
  const running = readDatabase(harness)
  await harness.stop()
  const files = [...running, ...readDatabase(harness)]
  const secrets = new Map([
    ...recorder.secrets,
    ['app secret', appSecret],
    ['session key', sessionKey],
    ['password', password],
    ['secret key', Buffer.alloc(32, 'secret key 9').toString('base64')],
    ['access token', tokens.accessToken],
    ['refresh token', tokens.refreshToken],
    ['phone number', phone],
  ])
  const replies = recorder.replies.map((reply) => ['a reply', reply] as const)
  const found = findSecrets([['the log', harness.log()], ...files, ...replies], secrets)
  report('secrets', {
    secrets: secrets.size,
    replies: replies.length,
    'bytes of log': harness.log().length,
    files: files.length,
    found: found.length,
  })
  // The search reads the right texts: these contain what is no secret.
  expect(harness.log()).toContain('call refused')
  expect(findSecrets(files, [['account', account]])).toContain(
    `account (text) in ${isOnPostgres ? 'database' : 'mianmi.db-wal'}`,
  )
  expect(findSecrets(files, [['masked phone', '139****5678']])).not.toEqual([])
  expect(secrets.size).toBe(26)
  expect(found).toEqual([])
})
