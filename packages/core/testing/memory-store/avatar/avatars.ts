import type { AvatarStore } from '../../../src/index.ts'
import { changeUser, toRecord } from '../account/user-rows.ts'
import type { MemoryState } from '../state.ts'

export function createAvatarStore(state: MemoryState): AvatarStore {
  let kept = 0
  return {
    async keep(userId, { type, bytes }) {
      const address = `https://avatars.example/${++kept}.${type}`
      const changed = changeUser(state, userId, { avatarUrl: address })
      if (changed === null) return null
      state.avatars.set(userId, { type, bytes, address })
      return toRecord(changed)
    },
  }
}
