import { createRandom, mixSeed } from '../random.ts'
import { accountActions } from './account.ts'
import type { Action } from './action.ts'
import { administratorActions } from './administrator.ts'
import { attackerActions } from './attacker.ts'
import { bindingActions } from './binding.ts'
import { phoneActions } from './phone.ts'
import { surroundings } from './surroundings.ts'

const actions: readonly Action[] = [
  ...phoneActions,
  ...bindingActions,
  ...accountActions,
  ...administratorActions,
  ...attackerActions,
  ...surroundings,
]

const total = actions.reduce((sum, { weight }) => sum + weight, 0)

/** One step of a run: what happens, and the seed of everything that is drawn in it. */
export interface Step {
  readonly action: Action
  readonly seed: number
}

/** The steps that follow from a seed. Each has a seed of its own, so that it plays alike where others are left out. */
export function planSteps(seed: number, count: number): Step[] {
  const random = createRandom(mixSeed(seed, 2))
  return Array.from({ length: count }, (_, index) => ({
    action: drawAction(random.next() * total),
    seed: mixSeed(seed, 1_000 + index),
  }))
}

function drawAction(at: number): Action {
  let left = at
  for (const action of actions) {
    left -= action.weight
    if (left < 0) return action
  }
  return actions[0] as Action
}
