import { expect, it } from 'vitest'
import { effectScope, watchSyncEffect } from 'vue'
import { useSession } from '../../src/vue.ts'
import { createFixture } from '../fixtures/fake-platform.ts'

it('follows the session until its scope is disposed of, and cannot be written', async () => {
  const { session } = createFixture()
  const seen: string[] = []
  const scope = effectScope()
  const state = scope.run(() => {
    const ref = useSession(session)
    watchSyncEffect(() => {
      seen.push(ref.value.status === 'signedIn' ? ref.value.user.name : ref.value.status)
    })
    return ref
  })
  await session.launch()
  await session.updateUser({ name: 'Ming' })
  expect(seen).toEqual(['starting', 'ming', 'Ming'])
  expect(state?.value).toBe(session.state)
  scope.stop()
  await session.signOut()
  expect(state?.value.status).toBe('signedIn')
  expect(seen).toHaveLength(3)
})
