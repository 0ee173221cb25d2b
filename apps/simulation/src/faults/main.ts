import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { playSeeds } from '../command/play-seeds.ts'
import { wholeNumber } from '../command/whole-number.ts'
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

interface Seeds {
  readonly most: number
  readonly from: number
}

/** Brings each known fault back, and prints after how many seeds it was found. As many at once as there are threads. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(2).filter((arg) => arg !== '--'),
    options: {
      seeds: { type: 'string', default: '10000' },
      from: { type: 'string', default: '1' },
      only: { type: 'string', default: [''], multiple: true },
      skip: { type: 'string', default: '0' },
      threads: { type: 'string', default: String(availableParallelism()) },
    },
  })
  const waiting = faults
    .slice(wholeNumber('skip', values.skip))
    .filter(({ name }) => values.only.some((text) => name.includes(text)))
  const seeds = {
    most: wholeNumber('seeds', values.seeds),
    from: wholeNumber('from', values.from),
  }
  const findings: Finding[] = []
  const findNext = async (): Promise<void> => {
    for (let fault = waiting.shift(); fault !== undefined; fault = waiting.shift()) {
      const finding = await find(fault, seeds)
      findings.push(finding)
      const found = finding.seeds === null ? 'NOT FOUND' : String(finding.seeds)
      process.stdout.write(`| ${fault.name} | ${found} | ${finding.invariant} |\n`)
    }
  }
  const threads = Math.max(1, wholeNumber('threads', values.threads))
  await Promise.all(Array.from({ length: threads }, findNext))
  const missed = findings.filter(({ seeds: count }) => count === null).length
  process.stdout.write(`${findings.length} faults, ${missed} of them not found\n`)
  process.exitCode = missed > 0 ? 1 : 0
}

async function find(fault: Fault, { most, from }: Seeds): Promise<Finding> {
  let finding: Finding = { fault, seeds: null, invariant: '' }
  await playSeeds({
    ...{ from, seeds: most, steps, threads: 1, patches: fault.patches },
    onPlayed({ seed, violation }) {
      if (violation === null || finding.seeds !== null) return finding.seeds === null
      finding = { fault, seeds: seed - from + 1, invariant: violation.invariant }
      return false
    },
  })
  return finding
}

await main()
