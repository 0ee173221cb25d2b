import { blankImport } from '@mianmi/core/testing'
import type { ExportedUser } from '@mianmi/core/transfer'
import { describe, expect, it } from 'vitest'
import { readUserLine, writeUserLine } from './user-line.ts'

const now = Date.UTC(2026, 6, 1)
const readText = (line: string) => readUserLine(line, now)
const read = (line: object) => readText(JSON.stringify(line))

describe('reading a line', () => {
  it('takes every field, and brings texts and times into the form in which they are stored', () => {
    const line = {
      id: 'user-1',
      externalId: '10086',
      account: 'Ming',
      passwordHash: '$2b$10$abcdefghijklmnopqrstuu0ZF7TpjzaoJcKRfYmZ/GOp6ETTFyTZ6',
      phone: '+86 139-1234 5678',
      phoneProvenAt: '2026-05-01T08:00:00+08:00',
      nickname: ' 小明 ',
      identities: [
        { appId: 'wx1', openid: 'o1', unionid: 'u1' },
        { appId: 'wx2', openid: 'o2' },
      ],
      disabledAt: '2026-06-01T00:00:00Z',
      createdAt: '2020-01-01T00:00:00.000Z',
    }
    expect(read(line)).toEqual({
      user: {
        ...line,
        phone: '13912345678',
        phoneProvenAt: Date.UTC(2026, 4, 1),
        nickname: '小明',
        identities: [line.identities[0], { appId: 'wx2', openid: 'o2', unionid: null }],
        disabledAt: Date.UTC(2026, 5, 1),
        createdAt: Date.UTC(2020, 0, 1),
      },
    })
  })

  it('takes a null for a field that is left out', () => {
    const nulls = Object.fromEntries(Object.keys(blankImport).map((field) => [field, null]))
    expect(read({ ...nulls, account: 'ming' })).toEqual({
      user: { ...blankImport, account: 'ming' },
    })
  })

  it.each([
    [{ account: 'ming', role: 'admin' }, 'unknown field role'],
    [{ account: 'ming', identities: [{ appId: 'a', openid: 'o', key: 'k' }] }, /key/],
    [{}, 'has none of id, externalId, account, phone and identities'],
    [{ nickname: '小明', passwordHash: 'md5$$b398c549422ffc04edcbcc3ef78341ff' }, /has none of/],
    [{ account: 'm' }, /^account: /],
    [{ account: '13912345678' }, /^account: /],
    [{ account: 'a\u0000b' }, /^account: /],
    [{ id: 'a b' }, /^id: /],
    [{ id: '' }, /^id: /],
    [{ id: 'key-1' }, 'id: begins with key-, p- or webhook-'],
    [{ id: 'webhook-1' }, 'id: begins with key-, p- or webhook-'],
    [{ id: 'p-1' }, 'id: begins with key-, p- or webhook-'],
    [{ account: 'ming', '13912345678': 1, role: 'x' }, 'unknown fields'],
    [{ id: 'x'.repeat(65) }, /^id: /],
    [{ externalId: 'a\u0000b' }, /^externalId: /],
    [{ externalId: 7 }, /^externalId: /],
    [{ externalId: 'x'.repeat(256) }, /^externalId: /],
    [{ phone: '12345' }, 'phone: no phone number with its country code'],
    [{ account: 'ming', phoneProvenAt: '2026-01-01T00:00:00Z' }, 'phoneProvenAt: without a phone'],
    [{ account: 'ming', passwordHash: 'secret' }, 'passwordHash: no hash of a known scheme'],
    [{ account: 'ming', nickname: '\u202egnp' }, 'nickname: cannot be shown to others'],
    [{ account: 'ming', nickname: 'x'.repeat(33) }, /^nickname: /],
    [{ account: 'ming', createdAt: 1_700_000_000 }, /^createdAt: /],
    [{ account: 'ming', createdAt: '2020-01-01' }, /^createdAt: /],
    [{ account: 'ming', createdAt: '1969-12-31T23:59:59Z' }, 'createdAt: before 1970'],
    [
      {
        identities: [
          { appId: 'a', openid: '1' },
          { appId: 'a', openid: '2' },
        ],
      },
      'identities: two identities in one app',
    ],
    [{ identities: [{ appId: 'a' }] }, /^identities\.0\.openid: /],
    [{ identities: [{ appId: 'a', openid: 'o', unionid: '' }] }, /^identities\.0\.unionid: /],
  ])('refuses %j, and says why', (line, problem) => {
    const result = read(line)
    expect(result).toEqual({
      problem: typeof problem === 'string' ? problem : expect.stringMatching(problem),
    })
  })

  it.each(['', '{', '{"account":"ming"', 'null', '[]', '"ming"', '1'])('refuses %j', (line) => {
    expect(readText(line)).toHaveProperty('problem')
  })

  it.each([' o', 'o ', ' ', '\u3000', 'o\u00a0'])(
    'refuses an id of WeChat with a space around it: %j',
    (id) => {
      const problem = (field: string) => ({
        problem: `identities.0.${field}: a space before or behind it`,
      })
      expect(read({ identities: [{ appId: 'a', openid: id }] })).toEqual(problem('openid'))
      expect(read({ identities: [{ appId: 'a', openid: 'o', unionid: id }] })).toEqual(
        problem('unionid'),
      )
    },
  )

  it.each(['createdAt', 'disabledAt', 'phoneProvenAt'])(
    'refuses a %s that is more than a day ahead',
    (field) => {
      const at = (time: number) =>
        read({ phone: '13912345678', [field]: new Date(time).toISOString() })
      const day = 24 * 3_600_000
      expect(at(now + day)).toMatchObject({ user: { [field]: now + day } })
      expect(at(now + day + 1)).toEqual({ problem: `${field}: in the future` })
    },
  )

  it.each([
    '{"account":"one","account":"two"}',
    '{"account":"one","account":"one"}',
    '{"account":"one","acc\\u006funt":"two"}',
    '{"account":null,"account" : "two"}',
    '{"identities":[{"appId":"a","openid":"o","openid":"p"}]}',
    '{"identities":[{"appId":"a","openid":"o"}],"identities":[]  ,"account":"one"}',
  ])('refuses a field that is there twice: %s', (line) => {
    expect(readText(line)).toEqual({ problem: 'a field is in it twice' })
  })

  it.each(['a":', '\\', '\\"', '"', '": "', '{"a":1}', 'a\\":"b'])(
    'takes %j for no field, where it is a value',
    (nickname) => {
      expect(read({ account: 'ming', nickname })).toMatchObject({ user: { nickname } })
      const identities = [{ appId: nickname.replaceAll(' ', ''), openid: nickname }]
      expect(read({ identities })).toMatchObject({ user: { identities } })
    },
  )

  it('says nothing of a value, which may be a number or a password', () => {
    const secret = '8-800-555-35-35'
    for (const field of ['phone', 'passwordHash', 'nickname', 'account', 'createdAt', 'id'])
      expect(JSON.stringify(read({ [field]: `${secret}\u202e` }))).not.toContain(secret)
  })
})

describe('writing a line', () => {
  const user: ExportedUser = {
    ...blankImport,
    id: 'user-1',
    externalId: '10086',
    account: 'Ming',
    phone: '13912345678',
    phoneProvenAt: Date.UTC(2026, 4, 1),
    identities: [
      { appId: 'wx1', openid: 'o1', unionid: 'u1' },
      { appId: 'wx2', openid: 'o2', unionid: null },
    ],
    createdAt: Date.UTC(2020, 0, 1),
  }

  it('leaves out what has no value', () => {
    expect(writeUserLine(user)).toBe(
      '{"id":"user-1","externalId":"10086","account":"Ming","phone":"13912345678","phoneProvenAt":"2026-05-01T00:00:00.000Z","identities":[{"appId":"wx1","openid":"o1","unionid":"u1"},{"appId":"wx2","openid":"o2"}],"createdAt":"2020-01-01T00:00:00.000Z"}',
    )
    expect(writeUserLine({ ...blankImport, id: 'a', createdAt: 0 })).toBe(
      '{"id":"a","createdAt":"1970-01-01T00:00:00.000Z"}',
    )
  })

  it('is read as the same user', () => {
    const line = writeUserLine({ ...user, disabledAt: 1_500, nickname: '小明' })
    expect(readText(line)).toEqual({ user: { ...user, disabledAt: 1_500, nickname: '小明' } })
  })
})
