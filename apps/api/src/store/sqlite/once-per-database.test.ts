import { expect, test, vi } from 'vitest'
import { oncePerDatabase } from './once-per-database.ts'

test('prepares once for each database', () => {
  const prepare = vi.fn((database: { name: string }) => ({ of: database.name }))
  const prepareOnce = oncePerDatabase(prepare)
  const [first, second] = [{ name: 'first' }, { name: 'second' }]
  expect(prepareOnce(first)).toBe(prepareOnce(first))
  expect(prepareOnce(second)).toEqual({ of: 'second' })
  expect(prepare).toHaveBeenCalledTimes(2)
})
