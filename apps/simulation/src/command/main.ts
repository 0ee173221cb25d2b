import { planSteps } from '../actions/index.ts'
import { createCoverage } from '../coverage/coverage.ts'
import { loadProduct } from '../product/load-product.ts'
import { playRun, type Violation } from '../run.ts'
import { tellSeed } from '../story/tell.ts'
import { drawConfig } from '../world/config.ts'
import { type Options, readOptions, usage } from './options.ts'

/** How many failing seeds are told where `--story` is not given. */
const toldByDefault = 3

async function main(): Promise<void> {
  const options = readArguments()
  const product = await loadProduct()
  // A run has to begin in a task of its own: it runs the reactions of promises itself.
  await new Promise<void>((resolve) => {
    setImmediate(() => {
      playSeeds(options, product)
      resolve()
    })
  })
}

function readArguments(): Options {
  try {
    return readOptions(process.argv.slice(2), Date.now())
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${usage}`)
    process.exit(2)
  }
}

function playSeeds(options: Options, product: Awaited<ReturnType<typeof loadProduct>>): void {
  const { seeds, from, steps } = options
  const startedAt = Date.now()
  const coverage = createCoverage()
  const broken: { seed: number; violation: Violation }[] = []
  print(`seeds ${from} to ${from + seeds - 1}, ${steps} steps each`)
  for (let seed = from, told = startedAt; seed < from + seeds; seed++) {
    const watching = options.isCoverage ? [coverage.observer] : []
    const { violation } = playRun({
      product,
      config: drawConfig(seed),
      steps: planSteps(seed, steps),
      watching,
    })
    if (violation !== null) {
      broken.push({ seed, violation })
      if (broken.length <= toldByDefault || options.isStory)
        print(`\n${tellSeed(product, seed, steps)}\n`)
      else print(`seed ${seed} breaks “${violation.invariant}”: ${violation.detail}`)
    }
    if (Date.now() - told < 60_000) continue
    told = Date.now()
    print(
      `${seed - from + 1} seeds, ${broken.length} of them broke a sentence, ${rate(seed - from + 1, startedAt)}`,
    )
  }
  print(`${seeds} seeds, ${broken.length} of them broke a sentence, ${rate(seeds, startedAt)}`)
  if (options.isCoverage) print(coverage.report())
  process.exitCode = broken.length > 0 ? 1 : 0
}

const rate = (count: number, since: number): string =>
  `${Math.round((count / Math.max(1, Date.now() - since)) * 60_000)} a minute`

const print = (text: string): void => void process.stdout.write(`${text}\n`)

await main()
