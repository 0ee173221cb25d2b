import type { Step } from '../actions/index.ts'
import { playRun, type RunOptions } from '../run.ts'
import { quiet, type WorldConfig } from '../world/config.ts'

/** A run that breaks a sentence, as small as it could be made. */
export interface ShrunkRun {
  readonly config: WorldConfig
  readonly steps: readonly Step[]
}

/**
 * Leaves out steps, and makes the world quieter, as long as the same sentence is broken. Each step has a seed of its own,
 * so what is left plays much as before. Deterministic: the same run always shrinks to the same one.
 */
export function shrinkRun(options: RunOptions, invariant: string): ShrunkRun {
  const breaks = (config: WorldConfig, steps: readonly Step[]): boolean =>
    playRun({ ...options, config, steps, isTold: false }).violation?.invariant === invariant
  let { config, steps } = options
  const broken = playRun({ ...options, isTold: false }).violation
  if (broken !== null) steps = steps.slice(0, broken.step)
  steps = leaveOut(steps, (fewer) => breaks(config, fewer))
  for (const simpler of simplerConfigs(config)) {
    if (!breaks(simpler(config), steps)) continue
    config = simpler(config)
    steps = leaveOut(steps, (fewer) => breaks(config, fewer))
  }
  return { config, steps }
}

/** Removes ever smaller parts of a list as long as it passes (delta debugging, Zeller 2002). */
function leaveOut<T>(list: readonly T[], passes: (fewer: readonly T[]) => boolean): readonly T[] {
  let kept = list
  for (let size = Math.ceil(kept.length / 2); size >= 1; ) {
    let isSmaller = false
    for (let at = kept.length - size; at > -size; at -= size) {
      const from = Math.max(0, at)
      const fewer = [...kept.slice(0, from), ...kept.slice(at + size)]
      if (fewer.length === kept.length || !passes(fewer)) continue
      kept = fewer
      isSmaller = true
    }
    if (size === 1 && !isSmaller) break
    if (!isSmaller || size > 1) size = Math.max(1, Math.floor(size / 2))
    if (size === 1 && kept.length <= 1) break
  }
  return kept
}

const simplerConfigs = (config: WorldConfig): ((config: WorldConfig) => WorldConfig)[] => [
  (now) => ({ ...now, nodeCount: 1 }),
  (now) => ({ ...now, noise: quiet }),
  (now) => ({ ...now, noise: { ...now.noise, loss: 0 } }),
  (now) => ({ ...now, noise: { ...now.noise, repeat: 0 } }),
  (now) => ({ ...now, noise: { ...now.noise, late: 0 } }),
  (now) => ({ ...now, noise: { ...now.noise, pause: 0 } }),
  (now) => ({ ...now, personCount: 1 }),
  ...config.appIds.slice(1).map((_, index) => (now: WorldConfig) => ({
    ...now,
    appIds: now.appIds.slice(0, index + 1),
  })),
]
