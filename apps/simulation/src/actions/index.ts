import { createRandom, mixSeed, type Random } from '../random.ts'
import { accountActions } from './account.ts'
import type { Action } from './action.ts'
import { administratorActions } from './administrator.ts'
import { attackerActions } from './attacker.ts'
import { bindingActions } from './binding.ts'
import { deputyLives } from './deputies.ts'
import { edges } from './edges.ts'
import { lives } from './lives.ts'
import { mergeLives } from './merges.ts'
import { patience } from './patience.ts'
import { phoneActions } from './phone.ts'
import { races } from './races.ts'
import { lossyRefreshes } from './refreshes.ts'
import { sequences } from './sequences.ts'
import { surroundings } from './surroundings.ts'
import { ticketLives } from './tickets.ts'
import { windowActions } from './windows.ts'

const actions: readonly Action[] = [
  ...phoneActions,
  ...bindingActions,
  ...accountActions,
  ...administratorActions,
  ...attackerActions,
  ...sequences,
  ...windowActions,
  ...lives,
  ...mergeLives,
  ...ticketLives,
  ...races,
  ...patience,
  ...edges,
  ...deputyLives,
  lossyRefreshes,
  ...surroundings,
]

/** How much more often than usual an action is drawn in one world; 0 is only for what no other action waits for. */
const factors = [0, 0.3, 1, 1, 1, 3]

/** One step of a run: what happens, and the seed of everything that is drawn in it. */
export interface Step {
  readonly action: Action
  readonly seed: number
}

/** The steps that follow from a seed, of the actions that are played. Each has a seed of its own, so that it plays alike where others are left out. */
export function planSteps(
  seed: number,
  count: number,
  isPlayed: (action: Action) => boolean = () => true,
): Step[] {
  const random = createRandom(mixSeed(seed, 2))
  const weighted = drawWeights(random).filter(({ action }) => isPlayed(action))
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0)
  return Array.from({ length: count }, (_, index) => ({
    action: drawAction(weighted, random.next() * total),
    seed: mixSeed(seed, 1_000 + index),
  }))
}

interface Weighted {
  readonly action: Action
  readonly weight: number
}

/**
 * Each world has actions that are frequent in it, and others that are missing: what hides a fault in most worlds is absent
 * in some (swarm testing, Groce et al. 2012).
 */
function drawWeights(random: Random): Weighted[] {
  const factorOfLife = drawLives(random)
  return actions.map((action) => {
    const factor = random.pick(factors)
    const drawn = action.isNeeded ? Math.max(1, factor) : factor
    return { action, weight: action.weight * (factorOfLife(action) ?? drawn) }
  })
}

/** How many lives a world of few has, and how often each is drawn in it: as often as the most frequent other actions at most. */
const [fewLives, oftenAs, mostWeight] = [4, 8, 8]

/**
 * There are so many lives that each is rare where all are. So half of the worlds have a few that are frequent and no others.
 * Null: the factor is drawn as for other actions.
 */
function drawLives(random: Random): (action: Action) => number | null {
  const isFew = random.chance(0.5)
  const lives = actions.filter(({ isLife }) => isLife)
  const chosen = Array.from({ length: fewLives }, () => random.pick(lives))
  return (action) => {
    if (!action.isLife || !isFew) return null
    return chosen.includes(action) ? Math.min(oftenAs, mostWeight / action.weight) : 0
  }
}

function drawAction(weighted: readonly Weighted[], at: number): Action {
  let left = at
  for (const { action, weight } of weighted) {
    left -= weight
    if (left < 0) return action
  }
  return actions[0] as Action
}
