import { planSteps } from '../actions/index.ts'
import { invariants } from '../invariants/index.ts'
import type { Product } from '../product/load-product.ts'
import { playRun } from '../run.ts'
import { drawConfig, type Noise, type WorldConfig } from '../world/config.ts'
import { shrinkRun } from './shrink.ts'
import type { StoryLine } from './story.ts'

/** Tells a seed that breaks a sentence as a story to read; null where it breaks none. */
export function tellSeed(product: Product, seed: number, stepCount: number): string | null {
  const whole = { product, config: drawConfig(seed), steps: planSteps(seed, stepCount) }
  const { violation } = playRun(whole)
  if (violation === null) return null
  const { config, steps } = shrinkRun(whole, violation.invariant)
  const run = playRun({ product, config, steps, isTold: true })
  const broken = run.violation ?? violation
  const sentence = invariants.find(({ name }) => name === broken.invariant)?.sentence ?? ''
  const [first] = run.story
  const lines = run.story.map((line) => `  ${timeOf(line, first)}  ${line.text}`)
  const text = [
    `Seed ${seed} breaks “${broken.invariant}”:`,
    `  ${sentence}`,
    `  But ${broken.detail}.`,
    '',
    `${steps.length} of the ${stepCount} steps are enough${surroundings(config)}:`,
    '',
    ...lines,
    '',
    `  npm run simulate -- --seeds 1 --from ${seed} --story`,
  ].join('\n')
  return [...run.userNames].reduce((told, [id, name]) => told.replaceAll(id, name), text)
}

function surroundings({ nodeCount, noise, signUp }: WorldConfig): string {
  const nodes = nodeCount === 1 ? 'one node' : `${nodeCount} nodes`
  const auto = signUp === 'auto' ? ', SIGN_UP=auto' : ''
  const faults = describeNoise(noise)
  return `, with ${nodes}${auto} and ${faults}`
}

const describeNoise = ({ loss, repeat, late, pause }: Noise): string => {
  const found = [
    loss > 0 ? 'loses' : '',
    repeat > 0 ? 'repeats' : '',
    late > 0 ? 'delays' : '',
  ].filter((word) => word !== '')
  const network =
    found.length === 0 ? 'a network without faults' : `a network that ${found.join(', ')}`
  return pause > 0 ? `${network}, where a store takes its time` : network
}

/** Since the beginning of the story: minutes, seconds, ms; with days where it takes days. */
function timeOf({ at }: StoryLine, first: StoryLine | undefined): string {
  const ms = Math.round(at - (first?.at ?? at))
  const days = Math.floor(ms / 86_400_000)
  const clock = new Date(ms % 86_400_000).toISOString().slice(11, 23)
  return days === 0 ? clock : `day ${days} ${clock}`
}
