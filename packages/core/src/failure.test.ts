import { expect, it } from 'vitest'
import { Failure } from './failure.ts'

it('a Failure has its name, and says its reason, detail, cause and when to try again', () => {
  const cause = new Error('a time-out')
  const failure = new Failure('overloaded', { detail: 'the queue is full', cause, retryAfter: 1 })
  expect(failure).toMatchObject({ name: 'Failure', reason: 'overloaded', cause, retryAfter: 1 })
  expect(failure.message).toBe('overloaded: the queue is full')
  expect(new Failure('not_found').message).toBe('not_found')
})
