import type { Invariant } from './invariant.ts'

/** No call of an app waits so long, in ms: each of its requests has a time limit of a minute. */
const longest = 240_000

export const noHanging: Invariant = {
  name: 'no-hanging',
  sentence: 'No promise hangs: whatever an app waits for ends, with a result or with a failure.',
  sees: 'after',
  watch(world, fail) {
    const check = (): void => {
      // Who uses an app for a while may have made a call this moment.
      const before = world.timeline.now - longest
      const hanging = [...world.calls.values()].find(
        ({ context, startedAt }) => context.isAlive && startedAt < before,
      )
      if (hanging !== undefined) fail(`${hanging.label} in ${hanging.context.name} never ended`)
    }
    return { drained: check, ended: check }
  },
}
