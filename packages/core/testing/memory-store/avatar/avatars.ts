import type { AvatarStore } from '../../../src/index.ts'
import { changeUser, toRecord } from '../account/user-rows.ts'
import { refusalOfCaller } from '../session/callers.ts'
import type { MemoryState } from '../state.ts'
import { emit } from '../webhooks/outbox.ts'

export function createAvatarStore(state: MemoryState): AvatarStore {
  let kept = 0
  return {
    async keep(caller, { type, bytes }) {
      const refused = refusalOfCaller(state, caller)
      if (refused !== null) return refused
      const { userId } = caller
      const address = `https://avatars.example/${++kept}.${type}`
      const changed = changeUser(state, userId, { avatarUrl: address })
      emit(state, { type: 'user.updated', userId, changed: ['avatarUrl'] })
      state.avatars.set(userId, { type, bytes, address })
      return toRecord(changed)
    },
  }
}
