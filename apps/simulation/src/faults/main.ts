import { parseArgs } from 'node:util'
import { planSteps } from '../actions/index.ts'
import { loadProduct } from '../product/load-product.ts'
import { playRun } from '../run.ts'
import { drawConfig } from '../world/config.ts'
import type { Fault } from './fault.ts'
import { faults } from './index.ts'

const steps = 200

/** A fault, and how soon it was found. */
interface Finding {
  readonly fault: Fault
  /** How many seeds it took; null where all of them passed. */
  readonly seeds: number | null
  readonly invariant: string
}

/** Brings each known fault back, and prints after how many seeds it was found. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(2).filter((arg) => arg !== '--'),
    options: {
      seeds: { type: 'string', default: '10000' },
      from: { type: 'string', default: '1' },
      only: { type: 'string', default: [''], multiple: true },
      skip: { type: 'string', default: '0' },
    },
  })
  const chosen = faults
    .slice(Number(values.skip))
    .filter(({ name }) => values.only.some((text) => name.includes(text)))
  const findings: Finding[] = []
  for (const fault of chosen) {
    const finding = await find(fault, { most: Number(values.seeds), from: Number(values.from) })
    findings.push(finding)
    const found = finding.seeds === null ? 'NOT FOUND' : String(finding.seeds)
    process.stdout.write(`| ${fault.name} | ${found} | ${finding.invariant} |\n`)
  }
  const missed = findings.filter(({ seeds }) => seeds === null).length
  process.stdout.write(`${findings.length} faults, ${missed} of them not found\n`)
  process.exitCode = missed > 0 ? 1 : 0
}

async function find(
  fault: Fault,
  { most, from }: { most: number; from: number },
): Promise<Finding> {
  const product = await loadProduct(fault.patches)
  return new Promise((resolve) => {
    setImmediate(() => {
      for (let count = 1; count <= most; count++) {
        const seed = from + count - 1
        const { violation } = playRun({
          product,
          config: drawConfig(seed),
          steps: planSteps(seed, steps),
        })
        if (violation !== null)
          return resolve({ fault, seeds: count, invariant: violation.invariant })
      }
      resolve({ fault, seeds: null, invariant: '' })
    })
  })
}

await main()
