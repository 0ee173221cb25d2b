import { createDecipheriv, createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { phoneOf } from '../../src/server/index.ts'
import { appId, type Body, startSandbox } from '../sandbox-server.ts'

function decrypt(reply: Body, key: unknown): unknown {
  const [secret, iv] = [key, reply['iv']].map((text) => Buffer.from(String(text), 'base64'))
  const decipher = createDecipheriv('aes-128-cbc', secret ?? '', iv ?? '')
  const text = decipher.update(String(reply['encryptedData']), 'base64', 'utf8')
  return JSON.parse(text + decipher.final('utf8'))
}

async function signedIn() {
  const sandbox = await startSandbox()
  const { session_key: key } = await sandbox.session(await sandbox.login('ann'))
  const encrypt = (input: object = {}) =>
    sandbox.post('/sandbox/encrypt', { appId, user: 'ann', ...input })
  return { sandbox, key, encrypt }
}

test('data is encrypted and signed under the current key, with a watermark', async () => {
  const { key, encrypt } = await signedIn()
  const data = { nickName: '小明', gender: 1 }
  const reply = await encrypt({ data })
  const seconds = Math.floor(Date.now() / 1000)
  expect(decrypt(reply, key)).toEqual({
    ...data,
    watermark: { appid: appId, timestamp: expect.closeTo(seconds, -1) },
  })
  expect(reply['rawData']).toBe(JSON.stringify(data))
  const signed = createHash('sha1').update(`${reply['rawData']}${key}`).digest('hex')
  expect(reply['signature']).toBe(signed)
})

test('without data the phone number is encrypted, as the former button did', async () => {
  const { key, encrypt } = await signedIn()
  expect(decrypt(await encrypt(), key)).toMatchObject({
    phoneNumber: phoneOf('ann'),
    purePhoneNumber: phoneOf('ann'),
    countryCode: '86',
  })
})

test('each message has an iv of its own', async () => {
  const { encrypt } = await signedIn()
  expect((await encrypt())['iv']).not.toBe((await encrypt())['iv'])
})

test('previousKey encrypts under the key from before the latest login', async () => {
  const { sandbox, key, encrypt } = await signedIn()
  const next = await sandbox.session(await sandbox.login('ann'))
  expect(decrypt(await encrypt({ data: { a: 1 }, previousKey: true }), key)).toMatchObject({ a: 1 })
  expect(decrypt(await encrypt({ data: { a: 1 } }), next['session_key'])).toMatchObject({ a: 1 })
})

test('the watermark can be overridden', async () => {
  const { key, encrypt } = await signedIn()
  const watermark = { appid: 'wxother', timestamp: 1 }
  expect(decrypt(await encrypt({ watermark }), key)).toMatchObject({ watermark })
})

test('encryption without that session key is refused', async () => {
  const { sandbox, encrypt } = await signedIn()
  expect(await encrypt({ previousKey: true })).toEqual({
    message: 'user: has no previous session key here',
  })
  expect(await sandbox.post('/sandbox/encrypt', { appId, user: 'bob' })).toEqual({
    message: 'user: has no session key here',
  })
  expect((await encrypt({ data: [1] })).message).toBe('data: must be an object')
})
