import type { Invariant } from './invariant.ts'

export const noHanging: Invariant = {
  name: 'no-hanging',
  sentence: 'No promise hangs: whatever an app waits for ends, with a result or with a failure.',
  sees: 'after',
  watch(world, fail) {
    const check = (): void => {
      const hanging = [...world.calls.values()].find(({ context }) => context.isAlive)
      if (hanging !== undefined) fail(`${hanging.label} in ${hanging.context.name} never ended`)
    }
    return { drained: check, ended: check }
  },
}
