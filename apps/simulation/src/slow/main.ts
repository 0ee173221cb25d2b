import { createCoverage, reportOf } from '../coverage/coverage.ts'
import { loadProduct } from '../product/load-product.ts'
import { readSlowOptions, type SlowOptions, usage } from './options.ts'
import { playSlowRun } from './run.ts'
import { builtService, startDatabases } from './service.ts'
import { tellSlowSeed } from './tell.ts'

function readArguments(): SlowOptions {
  try {
    return readSlowOptions(process.argv.slice(2), Date.now())
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${usage}`)
    process.exit(2)
  }
}

async function main(): Promise<void> {
  const options = readArguments()
  const { database, nodes, seeds, from, steps } = options
  const product = await loadProduct()
  const coverage = createCoverage()
  const databases = await startDatabases(database)
  const startedAt = performance.now()
  let [broken, undecided, calls] = [0, 0, 0]
  print(`seeds ${from} to ${from + seeds - 1}, ${steps} steps each, ${database}, nodes: ${nodes}`)
  try {
    for (let seed = from; seed < from + seeds; seed++) {
      const result = await playSlowRun({
        ...{ product, program: builtService, seed, stepCount: steps, nodeCount: nodes },
        openDatabase: databases.open,
        watching: options.isCoverage ? [coverage.observer] : [],
      })
      calls += result.calls
      if (result.isUndecided) undecided += 1
      if (result.violation === null) continue
      broken += 1
      print(`\n${tellSlowSeed(result, seed, options)}\n`)
    }
  } finally {
    await databases.stop()
  }
  const time = Math.round((performance.now() - startedAt) / 1_000)
  print(
    `${seeds} seeds, ${broken} of them broke a sentence, ${undecided} undecided; ${calls} calls in ${time} s`,
  )
  if (options.isCoverage) print(reportOf(coverage.reached))
  process.exitCode = broken > 0 ? 1 : 0
}

const print = (text: string): void => void process.stdout.write(`${text}\n`)

await main()
