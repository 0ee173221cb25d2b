import type { Invariant } from './invariant.ts'

export const attackerReach: Invariant = {
  name: 'attacker-reach',
  sentence: "An attacker's reach ends where the threat model says.",
  sees: 'after',
  watch(_world, fail) {
    return {
      attacked({ isAllowed, isGranted, detail }) {
        if (isGranted && !isAllowed) fail(detail)
      },
    }
  },
}
