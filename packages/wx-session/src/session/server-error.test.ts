import { describe, expect, it } from 'vitest'
import { isCodeRejected, isUnauthenticated } from './server-error.ts'

const serverError = (data: unknown) => Object.assign(new Error('x'), { data })

describe('isUnauthenticated', () => {
  it.each([
    [{ reason: 'unauthenticated' }, true],
    [{ reason: 'unauthenticated', code: 'UNAUTHORIZED' }, true],
    [{ code: 'UNAUTHORIZED' }, true],
    [{ reason: 'credential_rejected', code: 'UNAUTHORIZED' }, false],
    [{ code: 'FORBIDDEN' }, false],
    [{}, false],
    [null, false],
    ['UNAUTHORIZED', false],
  ])('of data %j is %s', (data, expected) => {
    expect(isUnauthenticated(serverError(data))).toBe(expected)
  })

  it.each([[new Error('x')], [{ data: { reason: 'unauthenticated' } }], ['text'], [null]])(
    'is false for %o, which no client has thrown',
    (error) => {
      expect(isUnauthenticated(error)).toBe(false)
    },
  )
})

describe('isCodeRejected', () => {
  it.each([
    ['code_rejected', true],
    ['code_used', true],
    ['user_blocked', false],
    [undefined, false],
  ])('of reason %s is %s', (reason, expected) => {
    expect(isCodeRejected(serverError({ reason }))).toBe(expected)
  })
})
