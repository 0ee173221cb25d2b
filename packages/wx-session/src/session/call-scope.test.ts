import { expect, it } from 'vitest'
import { type CallScope, runWithToken } from './call-scope.ts'

it('a token holds for what is started before the first await, and for nothing after it', async () => {
  const scope: CallScope = {}
  const seen: CallScope['callToken'][] = []
  const run = async () => {
    seen.push(scope.callToken)
    await runWithToken(scope, 'a', async () => void seen.push(scope.callToken), 1_000)
    seen.push(scope.callToken)
  }
  const running = runWithToken(scope, '', run, 1_000)
  expect(scope.callToken).toBeUndefined()
  await running
  expect(seen).toEqual(['', 'a', undefined])
})

// Calls of a scope have no token, or that of a session that has ended.
it('a function that throws leaves no token behind', async () => {
  const scope: CallScope = {}
  const failed = runWithToken(
    scope,
    '',
    () => {
      throw new Error('at once')
    },
    1_000,
  )
  expect(scope.callToken).toBeUndefined()
  await expect(failed).rejects.toThrow('at once')
})
