import { describe, expect, it } from 'vitest'
import { asConnectError, asQueryError, runAgain } from './query-error.ts'

const sqlError = (code: string) => Object.assign(new Error(code), { code, severity: 'ERROR' })

describe('the meaning of an error of the database', () => {
  it.each([
    ...['23505', '23503', '40001', '40P01'].map((code) => [code, 'again']),
    ...['26000', '42P05', '08P01'].map((code) => [code, 'unnamed']),
    ...[
      '57P01',
      '57P02',
      '57P03',
      '57P04',
      '57P05',
      '25P03',
      '25P04',
      '53300',
      '08006',
      '08003',
    ].map((code) => [code, 'lost']),
    ...['55P03', '57014', '53100', '53200'].map((code) => [code, 'busy']),
    ['25006', 'read_only'],
    ...['42703', '22P02', '23514', '42P01'].map((code) => [code, 'fault']),
  ])('of %s is "%s"', (code, kind) => {
    expect(asQueryError(sqlError(code ?? ''))).toMatchObject({ kind, code })
  })

  it.each(['08P01', '57P01', '53300', 'XX000', '40001'])(
    'of %s is a lost connection where the server ends it',
    (code) => {
      for (const severity of ['FATAL', 'PANIC'])
        expect(asQueryError({ ...sqlError(code), severity })).toMatchObject({ kind: 'lost', code })
    },
  )

  it.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND'])(
    'of %s is a lost connection',
    (code) => {
      const error = Object.assign(new Error(code), { code })
      expect(asQueryError(error)).toMatchObject({ kind: 'lost', code })
    },
  )

  it('without a code is a lost connection, as where a reply took too long', () => {
    expect(asQueryError(new Error('Query read timeout'))).toMatchObject({ kind: 'lost', code: '' })
  })

  it('that is known stays as it is', () => {
    const error = runAgain('changed meanwhile')
    expect(asQueryError(error)).toBe(error)
    expect(error.kind).toBe('again')
  })

  it('that asks for another run has one code, whatever its reason', () => {
    expect(runAgain('changed meanwhile').code).toBe('again')
    expect((runAgain('changed meanwhile').cause as Error).message).toBe('changed meanwhile')
  })

  it.each(['28000', '28P01', '55000', '3D000', '53300', '57P03', '08P01', '42501', '42704'])(
    'of %s is a lost connection where it was being opened',
    (code) => {
      expect(asConnectError(sqlError(code))).toMatchObject({ kind: 'lost', code })
    },
  )

  it('of a server that takes no writes says so where a connection was being opened', () => {
    expect(asConnectError(sqlError('25006'))).toMatchObject({ kind: 'read_only', code: '25006' })
  })
})
