import { expect, test } from 'vitest'
import { maskSecrets } from './mask-secrets.ts'

const jwt = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl'

test('passwords are hidden completely, whatever their key', () => {
  const shown = maskSecrets({
    password: 'abc',
    newPassword: 'correct horse',
    deep: [{ Password: 'x' }],
  })
  expect(shown).toEqual({
    password: '••••••',
    newPassword: '••••••',
    deep: [{ Password: '••••••' }],
  })
})

test('tokens, tickets and codes are shortened', () => {
  const shown = maskSecrets({
    tokens: { accessToken: jwt, refreshToken: '01a203ffeedd', accessTokenExpiresAt: '2026-01-01' },
    ticket: 'oniv7IabcdefG',
    code: '0aroU5000000',
    sid: 'short',
    header: { authorization: `Bearer ${jwt}` },
  })
  expect(shown).toEqual({
    tokens: {
      accessToken: 'eyJhbG…',
      refreshToken: '01a203…',
      accessTokenExpiresAt: '2026-01-01',
    },
    ticket: 'oniv7I…',
    code: '0aroU5…',
    sid: '…',
    header: { authorization: 'Bearer eyJhbG…' },
  })
})

test('a JWT inside a text is shortened', () => {
  expect(maskSecrets({ data: `{"accessToken":"${jwt}"}` })).toEqual({
    data: '{"accessToken":"eyJhbG…"}',
  })
})

test('error codes stay readable', () => {
  const error = { code: -32600, data: { code: 'UNAUTHORIZED', reason: 'credential_rejected' } }
  expect(maskSecrets(error)).toEqual(error)
})

test('values without secrets are kept', () => {
  expect(maskSecrets({ password: null, list: [1, true, null] })).toEqual({
    password: null,
    list: [1, true, null],
  })
})

test('a long text is shortened and its length is shown', () => {
  const image = 'iVBORw0KGgo'.repeat(1_000)
  expect(maskSecrets({ image })).toEqual({ image: `${image.slice(0, 60)}… (11000)` })
})

test.each([
  'accessToken',
  'refresh_token',
  'ticket',
  'sid',
  'code',
  'sessionKey',
  'session_key',
  'encryptedData',
  'iv',
  'Authorization',
])('the value of %s is shortened to six characters', (key) => {
  expect(maskSecrets({ [key]: 'abcdefg' })).toEqual({ [key]: 'abcdef…' })
  expect(maskSecrets({ [key]: 'abcdef' })).toEqual({ [key]: '…' })
  expect(maskSecrets({ [key]: ['abcdefg'] })).toEqual({ [key]: ['abcdef…'] })
})

test.each(['password', 'newPassword', 'secret', 'appSecret'])('%s is hidden completely', (key) => {
  expect(maskSecrets({ [key]: 'abcdefg' })).toEqual({ [key]: '••••••' })
})

test.each(['tickets', 'codeType', 'civ', 'account'])('the value of %s is not a secret', (key) => {
  expect(maskSecrets({ [key]: 'abcdefg' })).toEqual({ [key]: 'abcdefg' })
})

test('a text of 5,000 characters is shown whole, a longer one is shortened', () => {
  expect(maskSecrets('x'.repeat(5_000))).toBe('x'.repeat(5_000))
  expect(maskSecrets('x'.repeat(5_001))).toBe(`${'x'.repeat(60)}… (5001)`)
})
