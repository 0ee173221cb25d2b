import { reportOf } from '../coverage/coverage.ts'
import { type Options, readOptions, usage } from './options.ts'
import { playSeeds } from './play-seeds.ts'

/** How many failing seeds are told where `--story` is not given. */
const toldByDefault = 3

async function main(): Promise<void> {
  const options = readArguments()
  const { seeds, from, steps, threads, isStory, isCoverage } = options
  const startedAt = performance.now()
  let told = startedAt
  let [played, broken] = [0, 0]
  print(`seeds ${from} to ${from + seeds - 1}, ${steps} steps each, on ${threads} threads`)
  const reached = await playSeeds({
    ...{ from, seeds, steps, isCoverage },
    threads: Math.min(threads, seeds),
    isTold: () => isStory || broken < toldByDefault,
    onPlayed({ seed, violation, story }) {
      played += 1
      if (violation !== null) {
        broken += 1
        print(
          story === null
            ? `seed ${seed} breaks “${violation.invariant}”: ${violation.detail}`
            : `\n${story}\n`,
        )
      }
      if (performance.now() - told >= 60_000) {
        told = performance.now()
        print(summary(played, broken, startedAt))
      }
      return true
    },
  })
  print(summary(played, broken, startedAt))
  if (isCoverage) print(reportOf(reached))
  process.exitCode = broken > 0 ? 1 : 0
}

function readArguments(): Options {
  try {
    return readOptions(process.argv.slice(2), Date.now())
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${usage}`)
    process.exit(2)
  }
}

function summary(played: number, broken: number, since: number): string {
  const minutes = Math.max(1, performance.now() - since) / 60_000
  return `${played} seeds, ${broken} of them broke a sentence, ${Math.round(played / minutes)} a minute`
}

const print = (text: string): void => void process.stdout.write(`${text}\n`)

await main()
