import { parseArgs } from 'node:util'
import { loadProduct } from '../../product/load-product.ts'
import { playSlowRun } from '../run.ts'
import { type Databases, startDatabases } from '../service.ts'
import { buildFaultyService } from './build-service.ts'
import { type ServiceFault, serviceFaults } from './index.ts'

interface Limits {
  readonly database: 'sqlite' | 'postgres'
  readonly seeds: number
  readonly from: number
  readonly steps: number
}

/** Builds the service with each known fault, and prints after how many seeds it was found. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(2).filter((arg) => arg !== '--'),
    options: {
      database: { type: 'string', default: 'sqlite' },
      seeds: { type: 'string', default: '40' },
      from: { type: 'string', default: '1' },
      steps: { type: 'string', default: '60' },
      only: { type: 'string', default: [''], multiple: true },
    },
  })
  const limits: Limits = {
    database: values.database === 'postgres' ? 'postgres' : 'sqlite',
    seeds: Number(values.seeds),
    ...{ from: Number(values.from), steps: Number(values.steps) },
  }
  const chosen = serviceFaults.filter(
    ({ name, databases }) =>
      databases.includes(limits.database) && values.only.some((text) => name.includes(text)),
  )
  const databases = await startDatabases(limits.database)
  let missed = 0
  try {
    for (const fault of chosen) {
      const found = await find(fault, limits, databases)
      if (found === null) missed += 1
      process.stdout.write(
        `| ${fault.name} | ${found === null ? 'NOT FOUND | |' : `${found.seeds} | ${found.invariant} | ${found.detail}`}\n`,
      )
    }
  } finally {
    await databases.stop()
  }
  process.stdout.write(
    `${chosen.length} faults on ${limits.database}, ${missed} of them not found\n`,
  )
  process.exitCode = missed > 0 ? 1 : 0
}

async function find(
  fault: ServiceFault,
  { database, seeds, from, steps }: Limits,
  databases: Databases,
): Promise<{ seeds: number; invariant: string; detail: string } | null> {
  const product = await loadProduct()
  const service = await buildFaultyService(fault.patches)
  try {
    for (let count = 1; count <= seeds; count++) {
      const { violation } = await playSlowRun({
        ...{ product, program: service.program, seed: from + count - 1, stepCount: steps },
        nodeCount: database === 'sqlite' ? 1 : 4,
        openDatabase: databases.open,
      })
      if (violation !== null) return { seeds: count, ...violation }
    }
    return null
  } finally {
    service.remove()
  }
}

await main()
