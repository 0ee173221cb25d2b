import { expect, it } from 'vitest'
import { type CallScope, runInMode } from './call-scope.ts'

const tokens = { accessToken: 'a' }

it('a mode holds for what is started before the first await, and for nothing after it', async () => {
  const scope: CallScope = { mode: null }
  const seen: CallScope['mode'][] = []
  const run = async () => {
    seen.push(scope.mode)
    await runInMode(scope, { tokens }, [async () => void seen.push(scope.mode), 1_000])
    seen.push(scope.mode)
  }
  const running = runInMode(scope, 'public', [run, 1_000])
  expect(scope.mode).toBeNull()
  await running
  expect(seen).toEqual(['public', { tokens }, null])
})

// Calls of a mode have no token, or that of a session that has ended.
it('a function that throws leaves no mode behind', async () => {
  const scope: CallScope = { mode: null }
  const failed = runInMode(scope, 'public', [
    () => {
      throw new Error('at once')
    },
    1_000,
  ])
  expect(scope.mode).toBeNull()
  await expect(failed).rejects.toThrow('at once')
})
