import type { CallRecord } from '@mianmi/wechat-sandbox/wx'
import { expect, test } from 'vitest'
import { call, failure, mutation, query, result, undelivered } from '../../../test/call-records.ts'
import { addToSummary, emptySummary } from './launch-summary.ts'

const after = (...records: CallRecord[]) =>
  records.reduce((summary, record) => addToSummary(summary, record, 960), emptySummary)

const signedIn = mutation('miniLogin', {}, result({ status: 'signedIn' }))

test('a first launch counts one login, one call and the time until the sign-in', () => {
  expect(after(call('getStorage', { ok: false }), call('login'), signedIn)).toEqual({
    logins: 1,
    calls: 1,
    outcome: 'signedIn',
    settledAfter: 80,
  })
})

test('a stored sign-in needs no login and no call', () => {
  const kept = call('getStorage', { output: { data: { tokens: {}, user: {} } } })
  expect(after(kept)).toMatchObject({ logins: 0, calls: 0, outcome: 'signedIn' })
})

test('a stored or new sign-out is signedOut', () => {
  const kept = call('getStorage', { output: { data: { signedOut: true } } })
  expect(after(kept).outcome).toBe('signedOut')
  expect(after(signedIn, mutation('session.signOut', {}, result({}))).outcome).toBe('signedOut')
})

test('an unknown identity is unbound until it is bound; a wrong password does not change that', () => {
  const unbound = mutation('miniLogin', {}, result({ status: 'unbound' }))
  const refused = mutation('bind', {}, failure('credential_rejected', 'UNAUTHORIZED'), 401)
  const bound = mutation('bind', {}, result({ status: 'signedIn' }))
  expect(after(unbound, refused).outcome).toBe('unbound')
  expect(after(unbound, refused, bound)).toMatchObject({ calls: 3, outcome: 'signedIn' })
})

test('a failure of login, network or service is a failed sign-in', () => {
  expect(after(call('login', { ok: false })).outcome).toBe('failed')
  expect(after(undelivered('miniLogin', 'request:fail')).outcome).toBe('failed')
  const refused = mutation('miniLogin', {}, failure('wechat_unavailable', 'X'), 503)
  expect(after(refused).outcome).toBe('failed')
})

test('the calls of a batch count one by one', () => {
  expect(after(query('me,session.list', [result(1), result(2)], '?batch=1')).calls).toBe(2)
})

test('the time of the sign-in is that of the first known state', () => {
  const later = { ...signedIn, startedAt: 2000, endedAt: 2040 }
  const stored = call('getStorage', { output: { data: { signedOut: true } } })
  expect(after(stored, later)).toMatchObject({ outcome: 'signedIn', settledAfter: 80 })
})

test('of a batch the last known state counts, and other calls keep the state', () => {
  const replies = [result({ status: 'unbound' }), result({ status: 'signedIn' }), result(1)]
  expect(after(query('a,b,c', replies, '?batch=1')).outcome).toBe('signedIn')
  expect(after(signedIn, mutation('me', {}, result({}))).outcome).toBe('signedIn')
  expect(after(signedIn, undelivered('bind', 'request:fail')).outcome).toBe('signedIn')
})

test('an error is never a sign-in state', () => {
  const error = { status: 'signedIn', data: { code: 'BAD_REQUEST' } }
  expect(after(mutation('bind', {}, { error }, 400)).outcome).toBe(undefined)
})
