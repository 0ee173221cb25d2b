import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { wholeNumber } from './whole-number.ts'

export interface Options {
  readonly seeds: number
  readonly from: number
  readonly steps: number
  readonly threads: number
  readonly isStory: boolean
  readonly isCoverage: boolean
}

export const usage = `npm run simulate -- [--seeds N] [--from M] [--steps S] [--threads T] [--story] [--coverage]

  --seeds N    how many seeds are played; default 1000
  --from M     the first seed; default a new one, from the time of day
  --steps S    steps of a run; default 200
  --threads T  how many threads play; default as many as there are cores
  --story      tells each seed that breaks a sentence as a story, not only the first three
  --coverage   prints what the seeds have reached
`

/** @throws Error for an option that is none, or no number */
export function readOptions(argv: readonly string[], now: number): Options {
  const { values } = parseArgs({
    args: argv.filter((arg) => arg !== '--'),
    options: {
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: String(now % 1_000_000_000) },
      steps: { type: 'string', default: '200' },
      threads: { type: 'string', default: String(availableParallelism()) },
      story: { type: 'boolean', default: false },
      coverage: { type: 'boolean', default: false },
    },
  })
  return {
    seeds: wholeNumber('seeds', values.seeds),
    from: wholeNumber('from', values.from),
    steps: wholeNumber('steps', values.steps),
    threads: Math.max(1, wholeNumber('threads', values.threads)),
    isStory: values.story,
    isCoverage: values.coverage,
  }
}
