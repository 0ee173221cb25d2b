import { Failure, reasons } from '@mianmi/core'
import { TRPCError } from '@trpc/server'
import { describe, expect, it } from 'vitest'
import { formatError, reasonOf, shapeOf } from './errors.ts'

const format = (error: TRPCError) =>
  formatError({ error, ctx: undefined, shape: { data: { path: 'me' } } })

describe('errors', () => {
  it('a reason decides code, status and text, whatever the failure carried', () => {
    const cause = new Failure('credential_rejected', { detail: 'user 42 typed hunter2' })
    const shape = format(new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause }))
    expect(shape).toEqual({
      message: 'Wrong account or password.',
      code: -32001,
      data: {
        code: 'UNAUTHORIZED',
        httpStatus: 401,
        path: 'me',
        reason: 'credential_rejected',
        traceId: '',
      },
    })
  })

  it('an unexpected error says nothing of itself', () => {
    const cause = new Error('SQLITE_CORRUPT: row 7 of users')
    const shape = format(new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause }))
    expect(JSON.stringify(shape)).not.toContain('SQLITE')
    expect(shape.data).toMatchObject({ reason: 'internal', httpStatus: 500 })
    expect(shape.data).not.toHaveProperty('stack')
  })

  it('a wait is passed on in seconds', () => {
    const cause = new Failure('wechat_rate_limited', { retryAfter: 60 })
    const shape = format(new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause }))
    expect(shape.data.retryAfter).toBe(60)
    expect(shape.data.httpStatus).toBe(429)
  })

  it.each([
    ['PARSE_ERROR', 'invalid_input'],
    ['BAD_REQUEST', 'invalid_input'],
    ['METHOD_NOT_SUPPORTED', 'invalid_input'],
    ['NOT_FOUND', 'not_found'],
    ['TIMEOUT', 'internal'],
  ] as const)("tRPC's own %s is reported as %s", (code, reason) => {
    expect(reasonOf(new TRPCError({ code }))).toBe(reason)
  })

  it('every reason has a status of its kind and a text that ends as a sentence', () => {
    for (const reason of reasons) {
      const { data, message } = shapeOf(reason, { path: undefined, traceId: 't' })
      expect(data.httpStatus).toBeGreaterThanOrEqual(400)
      expect(message).toMatch(/^[A-Z].*\.$/)
    }
  })
})
