import { expect, test } from 'vitest'
import { maskSecrets } from './mask-secrets.ts'

const jwt = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl'

test('no part of a password is shown, however it is named', () => {
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

test('of tokens, tickets and codes only the beginning is shown', () => {
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

test('a token inside any text is shortened', () => {
  expect(maskSecrets({ data: `{"accessToken":"${jwt}"}` })).toEqual({
    data: '{"accessToken":"eyJhbG…"}',
  })
})

test('the names and numbers of errors stay readable', () => {
  const error = { code: -32600, data: { code: 'UNAUTHORIZED', reason: 'credential_rejected' } }
  expect(maskSecrets(error)).toEqual(error)
})

test('what holds nothing stays as it is', () => {
  expect(maskSecrets({ password: null, list: [1, true, null] })).toEqual({
    password: null,
    list: [1, true, null],
  })
})

test('a picture is shown by how it begins and how long it is', () => {
  const image = 'iVBORw0KGgo'.repeat(1_000)
  expect(maskSecrets({ image })).toEqual({ image: `${image.slice(0, 60)}… (11000)` })
})
