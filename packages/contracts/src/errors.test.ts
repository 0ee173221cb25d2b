import { Failure, reasons } from '@mianmi/core'
import { TRPCError } from '@trpc/server'
import { describe, expect, it } from 'vitest'
import { formatError, reasonOf, shapeOf } from './errors.ts'

const format = (error: TRPCError) =>
  formatError({ error, ctx: undefined, shape: { data: { path: 'me' } } })

describe('errors', () => {
  it('the reason alone decides code, status and text', () => {
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

  it('an unexpected error reveals nothing about itself', () => {
    const cause = new Error('SQLITE_CORRUPT: row 7 of users')
    const shape = format(new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause }))
    expect(JSON.stringify(shape)).not.toContain('SQLITE')
    expect(shape.data).toMatchObject({ reason: 'internal', httpStatus: 500 })
    expect(shape.data).not.toHaveProperty('stack')
  })

  it('a waiting time is passed on in seconds', () => {
    for (const retryAfter of [1, 60, 3_600]) {
      const cause = new Failure('wechat_rate_limited', { retryAfter })
      const shape = format(new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause }))
      expect(shape.data.retryAfter).toBe(retryAfter)
      expect(shape.data.httpStatus).toBe(429)
    }
  })

  it.each([
    ['PARSE_ERROR', 'invalid_input'],
    ['BAD_REQUEST', 'invalid_input'],
    ['METHOD_NOT_SUPPORTED', 'method_not_allowed'],
    ['UNSUPPORTED_MEDIA_TYPE', 'unsupported_media_type'],
    ['PAYLOAD_TOO_LARGE', 'invalid_input'],
    ['NOT_FOUND', 'not_found'],
    ['TIMEOUT', 'internal'],
  ] as const)("tRPC's own %s is reported as %s", (code, reason) => {
    expect(reasonOf(new TRPCError({ code }))).toBe(reason)
  })

  it('an unknown waiting time is left out', () => {
    const cause = new Failure('overloaded')
    const shape = format(new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause }))
    expect(shape.data).not.toHaveProperty('retryAfter')
  })

  it('the trace id of the request is passed on', () => {
    const error = new TRPCError({ code: 'NOT_FOUND' })
    const shape = formatError({ error, ctx: { traceId: 'trace-1' }, shape: { data: {} } })
    expect(shape.data).toEqual({
      code: 'NOT_FOUND',
      httpStatus: 404,
      path: undefined,
      reason: 'not_found',
      traceId: 'trace-1',
    })
  })

  it('a reason has this tRPC code, JSON-RPC code, HTTP status and text', () => {
    const rows = reasons.map((reason) => {
      const { message, code, data } = shapeOf(reason, { path: 'me', traceId: 't' })
      return [reason, data.code, code, data.httpStatus, message]
    })
    expect(rows).toEqual([
      ['invalid_input', 'BAD_REQUEST', -32600, 400, 'The input does not fit its schema.'],
      [
        'method_not_allowed',
        'METHOD_NOT_SUPPORTED',
        -32005,
        405,
        'This path does not take this HTTP method.',
      ],
      [
        'unsupported_media_type',
        'UNSUPPORTED_MEDIA_TYPE',
        -32015,
        415,
        'Only application/json is accepted.',
      ],
      ['code_rejected', 'BAD_REQUEST', -32600, 400, 'WeChat refuses the code; ask for a new one.'],
      ['code_used', 'BAD_REQUEST', -32600, 400, 'The code was used before; ask for a new one.'],
      ['user_blocked', 'FORBIDDEN', -32003, 403, 'WeChat blocks this user.'],
      ['app_unknown', 'BAD_REQUEST', -32600, 400, 'This appid is not configured.'],
      ['wechat_rate_limited', 'TOO_MANY_REQUESTS', -32029, 429, 'Too many sign-ins at WeChat.'],
      ['wechat_unavailable', 'SERVICE_UNAVAILABLE', -32603, 503, 'WeChat does not answer.'],
      [
        'wechat_misconfigured',
        'INTERNAL_SERVER_ERROR',
        -32603,
        500,
        'WeChat refuses this service; an administrator has to act.',
      ],
      ['ticket_rejected', 'BAD_REQUEST', -32600, 400, 'The ticket is not accepted.'],
      ['credential_rejected', 'UNAUTHORIZED', -32001, 401, 'Wrong account or password.'],
      ['phone_rejected', 'BAD_REQUEST', -32600, 400, 'The phone number is not accepted.'],
      ['identity_taken', 'CONFLICT', -32009, 409, 'This WeChat identity is bound to another user.'],
      ['account_taken', 'CONFLICT', -32009, 409, 'The account or phone number is in use.'],
      ['last_credential', 'CONFLICT', -32009, 409, 'This is the last way to sign in.'],
      ['user_disabled', 'FORBIDDEN', -32003, 403, 'An administrator disabled this user.'],
      ['proof_required', 'FORBIDDEN', -32003, 403, 'A fresh login code of your WeChat is needed.'],
      ['unauthenticated', 'UNAUTHORIZED', -32001, 401, 'Sign in first.'],
      ['forbidden', 'FORBIDDEN', -32003, 403, 'Not allowed.'],
      ['not_found', 'NOT_FOUND', -32004, 404, 'There is no such thing.'],
      ['data_rejected', 'BAD_REQUEST', -32600, 400, 'The data does not verify.'],
      ['rate_limited', 'TOO_MANY_REQUESTS', -32029, 429, 'Too many tries.'],
      ['overloaded', 'SERVICE_UNAVAILABLE', -32603, 503, 'The service is busy.'],
      ['internal', 'INTERNAL_SERVER_ERROR', -32603, 500, 'Something went wrong.'],
    ])
  })
})
