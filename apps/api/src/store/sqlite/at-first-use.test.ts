import { expect, test, vi } from 'vitest'
import { createAtFirstUse, createNow } from './at-first-use.ts'

test('creates the value once, when a verb of it is first read', () => {
  const create = vi.fn(() => ({ double: (number: number) => number * 2, one: 1 }))
  const value = createAtFirstUse(create)
  expect(create).not.toHaveBeenCalled()
  expect(value.double(2)).toBe(4)
  expect(value.one).toBe(1)
  expect(create).toHaveBeenCalledTimes(1)
})

test('tries again after an error, which the caller gets', () => {
  const create = vi
    .fn(() => ({ one: 1 }))
    .mockImplementationOnce(() => {
      throw new Error('database is locked')
    })
  const value = createAtFirstUse(create)
  expect(() => value.one).toThrow('database is locked')
  expect(value.one).toBe(1)
})

test('createNow creates the value before it is used', () => {
  const create = vi.fn(() => ({ one: 1 }))
  createNow(createAtFirstUse(create))
  expect(create).toHaveBeenCalledTimes(1)
})
