import { describe, expect, it } from 'vitest'
import * as schemas from './schemas.ts'

describe('schemas', () => {
  it('a proof is a ticket or a code, never both', () => {
    expect(schemas.proof.safeParse({ ticket: 't' }).success).toBe(true)
    expect(schemas.proof.safeParse({ appId: 'wx1', code: 'c' }).success).toBe(true)
    expect(schemas.proof.safeParse({ ticket: 't', appId: 'wx1', code: 'c' }).success).toBe(false)
    expect(schemas.proof.safeParse({}).success).toBe(false)
  })

  it.each(['alice', '张三丰', 'a.b-c_d@e+f', 'Ａｌｉｃｅ'])('%s can be an account name', (name) => {
    expect(schemas.accountName.safeParse(name).success).toBe(true)
  })

  it.each([
    'ab',
    'a b c',
    'a\u0000bc',
    'a\u200bbc',
    '\ud800abc',
    'x'.repeat(65),
    '<b>x</b>',
    '\u0430lice',
  ])('%j cannot be an account name', (name) => {
    expect(schemas.accountName.safeParse(name).success).toBe(false)
  })

  it.each(['', 'A', 'AA', 'AA=', 'AB==', 'AAB=', 'AA==AA==', 'AA-_', 'AAAA\n', ' AAAA'])(
    '%j is no canonical base64',
    (image) => {
      expect(schemas.setAvatarInput.safeParse({ image }).success).toBe(false)
    },
  )

  it.each(['AAAA', 'AA==', 'AAA=', '//8=', '+w=='])('%s is canonical base64', (image) => {
    expect(schemas.setAvatarInput.safeParse({ image }).success).toBe(true)
  })

  it('an output drops what it does not list', () => {
    const user = {
      id: 'u',
      account: null,
      phone: null,
      nickname: null,
      avatarUrl: null,
      role: 'user',
      createdAt: '2026-01-01T00:00:00.000Z',
    }
    expect(schemas.user.parse({ ...user, passwordHash: 'secret' })).toEqual(user)
  })
})

it.each(['👨‍👩‍👧', ' 小明 '])('%j can be a nickname', (nickname) => {
  expect(schemas.updateProfileInput.safeParse({ nickname }).success).toBe(true)
})

it.each(['\u200b', '\u3164', 'a\u202eb', 'a\u2028b'])('%j cannot be a nickname', (nickname) => {
  expect(schemas.updateProfileInput.safeParse({ nickname }).success).toBe(false)
})
