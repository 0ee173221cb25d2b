import { invariants } from '../invariants/index.ts'
import type { SlowOptions } from './options.ts'
import type { SlowResult } from './run.ts'

/** How much of the story, and of each log, is printed. */
const storyLines = 60
const logLines = 25

/** Tells a seed that broke a sentence: its story, and what each process printed. */
export function tellSlowSeed(
  { violation, story, logs }: SlowResult,
  seed: number,
  { database, nodes, steps }: Pick<SlowOptions, 'database' | 'nodes' | 'steps'>,
): string {
  const sentence = invariants.find(({ name }) => name === violation?.invariant)?.sentence ?? ''
  const [first] = story
  const lines = story.slice(-storyLines).map(({ at, text }) => {
    const seconds = ((at - (first?.at ?? at)) / 1_000).toFixed(3)
    return `  ${seconds.padStart(9)} s  ${text}`
  })
  const printed = [...logs].flatMap(([node, log]) => [
    `${node} printed:`,
    ...log
      .trim()
      .split('\n')
      .slice(-logLines)
      .map((line) => `  ${line}`),
    '',
  ])
  return [
    `Seed ${seed} on ${database} with ${nodes === 1 ? 'one node' : `${nodes} nodes`} breaks “${violation?.invariant}”:`,
    `  ${sentence}`,
    `  But ${violation?.detail}.`,
    '',
    `The last of ${story.length} lines of the story, in the world's time:`,
    '',
    ...lines,
    '',
    ...printed,
    `  npm run simulate:slow -- --database ${database} --nodes ${nodes} --seeds 1 --from ${seed} --steps ${steps}`,
  ].join('\n')
}
