import { expect, test } from 'vitest'
import { call, failure, mutation, query, result, undelivered } from '../../../test/call-records.ts'
import { decodeTrpc } from './trpc-request.ts'

test('a mutation is decoded with procedure, input and reply', () => {
  const record = mutation('miniLogin', { code: 'c' }, result({ status: 'unbound' }))
  expect(decodeTrpc(record)).toEqual({
    type: 'mutation',
    status: 200,
    calls: [
      {
        procedure: 'miniLogin',
        input: { code: 'c' },
        reply: { status: 'unbound' },
        reason: undefined,
      },
    ],
  })
})

test('the input of a query is read from its URL', () => {
  const record = query('session.list', result(1), `?input=${encodeURIComponent('{"a":"é&"}')}`)
  expect(decodeTrpc(record)).toMatchObject({ type: 'query', calls: [{ input: { a: 'é&' } }] })
})

test('a batch is decoded into calls with their replies', () => {
  const replies = [result({ id: 1 }), failure('not_found', 'NOT_FOUND')]
  const exchange = decodeTrpc(query('me,identity.list', replies, '?batch=1'))
  expect(exchange?.calls).toMatchObject([
    { procedure: 'me', reply: { id: 1 }, reason: undefined },
    { procedure: 'identity.list', reason: 'not_found' },
  ])
})

test('an error without a reason has its tRPC code', () => {
  const reply = { error: { message: 'no', data: { code: 'FORBIDDEN' } } }
  expect(decodeTrpc(mutation('x', {}, reply))?.calls[0]?.reason).toBe('FORBIDDEN')
})

test('a failed request has no status and no reply', () => {
  expect(decodeTrpc(undelivered('me', 'request:fail timeout'))).toMatchObject({
    status: undefined,
    calls: [{ procedure: 'me', reply: undefined, reason: undefined }],
  })
})

test('a reply that is not JSON is kept as text', () => {
  const record = call('request', {
    input: { url: 'http://127.0.0.1:3000/trpc/me' },
    output: { statusCode: 502, data: '<html>' },
  })
  expect(decodeTrpc(record)?.calls[0]?.reply).toBe('<html>')
})

test('other requests are not decoded', () => {
  expect(decodeTrpc(call('request', { input: { url: 'http://h/readyz' } }))).toBeUndefined()
  expect(decodeTrpc(call('login'))).toBeUndefined()
})

test('a path with a comma is one procedure without batch', () => {
  expect(decodeTrpc(query('a,b', result(1)))?.calls.map(({ procedure }) => procedure)).toEqual([
    'a,b',
  ])
})

test('the reason of an error comes before its tRPC code', () => {
  const [first] = decodeTrpc(mutation('x', {}, failure('not_found', 'NOT_FOUND')))?.calls ?? []
  expect(first?.reason).toBe('not_found')
  const unknown = decodeTrpc(mutation('x', {}, { error: 'text' }))?.calls[0]
  expect(unknown?.reason).toBe('error')
})
