import type { Invariant } from './invariant.ts'

export const noHanging: Invariant = {
  name: 'no-hanging',
  sentence: 'No promise hangs: whatever an app waits for ends, with a result or with a failure.',
  sees: 'after',
  watch(world, fail) {
    return {
      ended() {
        for (const { label, context } of world.calls.values())
          if (context.isAlive) return fail(`${label} in ${context.name} never ended`)
      },
    }
  },
}
