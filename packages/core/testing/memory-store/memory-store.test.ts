import { describe } from 'vitest'
import { configuredApps, conformanceNow, describeStores } from '../conformance/index.ts'
import { countWechatAnswer } from './admin/overview/statistics.ts'
import { createMemoryStore } from './memory-store.ts'

describe('the in-memory store', () => {
  describeStores(async () => {
    const { state, ...stores } = createMemoryStore({
      appIds: configuredApps,
      now: conformanceNow,
    })
    return {
      ...stores,
      writesInOrder: true,
      async makeAdmin(userId, role = 'admin') {
        const user = state.users.get(userId)
        if (user) state.users.set(userId, { ...user, role })
      },
      giveEnrolment: async (userId, enrolment) => void state.enrolments.set(userId, enrolment),
      countWechatAnswer: async (answer) => countWechatAnswer(state, answer),
      pictureAt: async (address) =>
        [...state.avatars.values()].find((avatar) => avatar.address === address) ?? null,
    }
  })
})
