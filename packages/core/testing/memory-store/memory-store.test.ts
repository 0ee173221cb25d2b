import { describe } from 'vitest'
import { describeStores } from '../conformance/index.ts'
import { createMemoryStore } from './memory-store.ts'

describe('the in-memory store', () => {
  describeStores(async () => {
    const { state, ...stores } = createMemoryStore()
    return {
      ...stores,
      async makeAdmin(userId) {
        const user = state.users.get(userId)
        if (user) state.users.set(userId, { ...user, role: 'admin' })
      },
      pictureAt: async (address) =>
        [...state.avatars.values()].find((avatar) => avatar.address === address) ?? null,
    }
  })
})
