import { createCipheriv } from 'node:crypto'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { WechatError } from '../wechat-error.ts'
import { decryptData, type EncryptedData } from './decryption.ts'

const madeAt = 1_477_314_187_000

/** The example on WeChat's page about encrypted data. */
const published: EncryptedData = {
  appId: 'wx4f4bc4dec97d474b',
  sessionKey: 'tiihtNczf5v6AKRyjwEUhQ==',
  iv: 'r7BXXKkLb8qrSNn05n0qiA==',
  encryptedData:
    'CiyLU1Aw2KjvrjMdj8YKliAjtP4gsMZMQmRzooG2xrDcvSnxIMXFufNstNGTyaGS9uT5geRa0W4oTOb1WT7fJlAC+oNPdbB+3hVbJSRgv+4lGOETKUQz6OYStslQ142dNCuabNPGBzlooOmB231qMM85d2/fV6ChevvXvQP8Hkue1poOFtnEtpyxVLW1zAo6/1Xx1COxFvrc2d7UL/lmHInNlxuacJXwu0fjpXfz/YqYzBIBzD6WUfTIF9GRHpOn/Hz7saL8xz+W//FRAUid1OksQaQx4CMs8LOddcQhULW4ucetDf96JcR3g0gfRK4PC7E/r7Z6xNrXd2UIeorGj5Ef7b1pJAYB6Y5anaHqZ9J6nKEBvB4DnNLIVWSgARns/8wR2SiRS7MNACwTyrGvt9ts8p12PKFdlqYTopNHR1Vf7XjfhQlVsAJdNiKdYmYVoKlaRv85IfVunYzO0IKXsyl7JCUjCpoG20f0a04COwfneQAGGwd5oa+T8yO5hzuyDb/XcxxmK01EpqOyuxINew==',
  now: madeAt,
}

/** The text under the published key, as WeChat would encrypt it. */
function encrypt(content: string | Buffer, hasPadding = true): EncryptedData {
  const [key, iv] = [published.sessionKey, published.iv].map((each) => Buffer.from(each, 'base64'))
  const cipher = createCipheriv('aes-128-cbc', key ?? '', iv ?? '').setAutoPadding(hasPadding)
  const encryptedData = Buffer.concat([cipher.update(content), cipher.final()]).toString('base64')
  return { ...published, encryptedData }
}

function outcomeOf(input: EncryptedData): unknown {
  try {
    return decryptData(input)
  } catch (error) {
    return error
  }
}

/** Everything that a caller can read from a refusal, including the line that threw it. */
function refusalOf(input: EncryptedData): string {
  const error = outcomeOf(input)
  if (!(error instanceof WechatError)) throw new Error('not refused', { cause: error })
  const { stack = '', ...rest } = Object.fromEntries(
    Reflect.ownKeys(error).map((key) => [key, Reflect.get(error, key)]),
  )
  const ours = String(stack).split('\n').slice(0, 2)
  return inspect({ ours, rest }, { showHidden: true })
}

const refusal = refusalOf({ ...published, encryptedData: '' })

/** `text`, which is base64, once for each of its bytes with that byte changed by `mask`. */
function flips(text: string, mask: number): string[] {
  const bytes = Buffer.from(text, 'base64')
  return Array.from(bytes, (byte, at) => {
    const changed = Buffer.from(bytes)
    changed[at] = byte ^ mask
    return changed.toString('base64')
  })
}

const watermark = { appid: published.appId, timestamp: madeAt / 1000 }
const plain = (change: object) => encrypt(JSON.stringify({ a: 1, watermark, ...change }))

test("WeChat's published message is read", () => {
  expect(decryptData(published)).toMatchObject({
    openId: 'oGZUI0egBJY1zhBYw2KhdUfwVJJE',
    nickName: 'Band',
    unionId: 'ocMvos6NjeKLIBqg5Mr9QjxrP1FA',
    watermark: { timestamp: 1_477_314_187, appid: 'wx4f4bc4dec97d474b' },
  })
})

test('a refusal has one message and no details', () => {
  expect(refusal).toContain('the data does not verify')
  expect(outcomeOf({ ...published, iv: '' })).toMatchObject({
    kind: 'data_rejected',
    errcode: null,
    retryAfter: null,
  })
  expect(outcomeOf({ ...published, iv: '' })).not.toHaveProperty('cause')
})

test.each([0x01, 0x80, 0xff])('a message with any one byte changed by %i is refused', (mask) => {
  const changed = flips(published.encryptedData, mask)
  expect(changed).toHaveLength(400)
  for (const encryptedData of changed) {
    expect(refusalOf({ ...published, encryptedData })).toBe(refusal)
  }
})

test.each([0x80, 0xff])('an iv with any one byte changed by %i is refused', (mask) => {
  for (const iv of flips(published.iv, mask)) {
    expect(refusalOf({ ...published, iv })).toBe(refusal)
  }
})

test.each([0x01, 0x80])('a key with any one byte changed by %i is refused', (mask) => {
  for (const sessionKey of flips(published.sessionKey, mask)) {
    expect(refusalOf({ ...published, sessionKey })).toBe(refusal)
  }
})

test('a message with one block removed, doubled or moved is refused', () => {
  const bytes = Buffer.from(published.encryptedData, 'base64')
  const blocks = Array.from({ length: bytes.length / 16 }, (_, at) =>
    bytes.subarray(at * 16, at * 16 + 16),
  )
  for (const [at, block] of blocks.entries()) {
    const others = blocks.toSpliced(at, 1)
    const moved = others.toSpliced((at + 1) % blocks.length, 0, block)
    for (const changed of [others, blocks.toSpliced(at, 0, block), moved]) {
      const encryptedData = Buffer.concat(changed).toString('base64')
      expect(refusalOf({ ...published, encryptedData })).toBe(refusal)
    }
  }
})

test.each<keyof EncryptedData>(['encryptedData', 'iv', 'sessionKey'])(
  '%s must be canonical base64 of the right length',
  (field) => {
    const text = String(published[field])
    const hidden = text.replace(/.(=*)$/, (_end, pad: string) => `/${pad}`)
    const bytes = Buffer.from(text, 'base64')
    const wrong = [
      '',
      ` ${text}`,
      `${text}\n`,
      text.replace(/=+$/, ''),
      `${text}=`,
      `${text.slice(0, 8)}\n${text.slice(8)}`,
      `!${text}`,
      bytes.toString('hex'),
      bytes.subarray(1).toString('base64'),
      Buffer.concat([bytes, Buffer.alloc(1)]).toString('base64'),
    ]
    if (hidden !== text && text.endsWith('=')) wrong.push(hidden)
    for (const changed of wrong) expect(refusalOf({ ...published, [field]: changed })).toBe(refusal)
  },
)

test('a key of 32 bytes is refused and does not select AES-256', () => {
  const sessionKey = Buffer.alloc(32, 1).toString('base64')
  expect(refusalOf({ ...published, sessionKey })).toBe(refusal)
})

test.each([
  ['invalid JSON', encrypt('{"a":1')],
  ['a list', encrypt(JSON.stringify([{ watermark }]))],
  ['null', encrypt('null')],
  ['a JSON string', encrypt('"watermark"')],
  ['no content', encrypt('')],
  ['a byte order mark', encrypt(`\uFEFF${JSON.stringify({ watermark })}`)],
  ['invalid UTF-8', encrypt(Buffer.from([0x22, 0xc3, 0x28, 0x22]))],
  ['no padding', encrypt(JSON.stringify({ watermark }).padEnd(80), false)],
  ['no watermark', plain({ watermark: undefined })],
  ['a watermark that is a list', plain({ watermark: [] })],
  ['a watermark of another app', plain({ watermark: { ...watermark, appid: 'wxother' } })],
  ['a watermark of no app', plain({ watermark: { timestamp: watermark.timestamp } })],
  ['a watermark without a time', plain({ watermark: { appid: watermark.appid } })],
  ['a time that is a string', plain({ watermark: { ...watermark, timestamp: '1477314187' } })],
  [
    'a time that is not an integer',
    plain({ watermark: { ...watermark, timestamp: 1477314187.5 } }),
  ],
])('a message with %s is refused with the same error', (_name, input) => {
  expect(refusalOf(input)).toBe(refusal)
})

test.each([
  ['made now', madeAt, true],
  ['5 minutes old', madeAt + 300_000, true],
  ['older than 5 minutes', madeAt + 300_001, false],
  ['a minute ahead', madeAt - 60_000, true],
  ['more than a minute ahead', madeAt - 60_001, false],
  ['years old', Date.UTC(2026, 10, 22), false],
])('the age of a message is checked: %s', (_name, now, isTaken) => {
  const outcome = outcomeOf({ ...published, now })
  if (isTaken) expect(outcome).toHaveProperty('openId')
  else expect(refusalOf({ ...published, now })).toBe(refusal)
})

test('maxAge sets the limit of the age', () => {
  const now = madeAt + 3_600_000
  expect(decryptData({ ...published, now, maxAge: 3_600_000 })).toHaveProperty('openId')
  expect(refusalOf({ ...published, now, maxAge: 3_599_999 })).toBe(refusal)
})

test('an appid other than that of the watermark is refused', () => {
  expect(refusalOf({ ...published, appId: 'wx4f4bc4dec97d474c' })).toBe(refusal)
  expect(refusalOf({ ...published, appId: '' })).toBe(refusal)
})

/** The iv of the published message changed so that its first property is different, as the holder could do it. */
function forged(at: number, from: string, to: string): string {
  const iv = Buffer.from(published.iv, 'base64')
  iv[at] = (iv[at] ?? 0) ^ from.charCodeAt(0) ^ to.charCodeAt(0)
  return iv.toString('base64')
}

test('the iv can change the first block undetected, and the openid detects that', () => {
  const openid = 'oGZUI0egBJY1zhBYw2KhdUfwVJJE'
  const iv = forged('{"openId":"'.length, 'o', 'x')
  expect(decryptData({ ...published, iv })).toMatchObject({ openId: openid.replace('o', 'x') })
  expect(refusalOf({ ...published, iv, openid })).toBe(refusal)
  expect(decryptData({ ...published, openid })).toMatchObject({ openId: openid })
})

test('data without an openId is accepted', () => {
  expect(decryptData({ ...plain({}), openid: 'o1' })).toEqual({ a: 1, watermark })
})
