import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { wholeNumber } from '../command/whole-number.ts'
import type { FaultOrder, Finding } from './fault-worker.ts'
import { faults } from './index.ts'

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
  const [most, from] = [wholeNumber('seeds', values.seeds), wholeNumber('from', values.from)]
  const skipped = wholeNumber('skip', values.skip)
  const orders = [...faults.entries()]
    .filter(
      ([index, { name }]) => index >= skipped && values.only.some((text) => name.includes(text)),
    )
    .map(([index]): FaultOrder => ({ index, most, from }))
  const findings: Finding[] = []
  await findAll(orders, Math.max(1, wholeNumber('threads', values.threads)), (finding) => {
    findings.push(finding)
    const found = finding.seeds === null ? 'NOT FOUND' : String(finding.seeds)
    process.stdout.write(`| ${faults[finding.index]?.name} | ${found} | ${finding.invariant} |\n`)
  })
  const missed = findings.filter(({ seeds }) => seeds === null).length
  process.stdout.write(`${findings.length} faults, ${missed} of them not found\n`)
  process.exitCode = missed > 0 ? 1 : 0
}

async function findAll(
  orders: readonly FaultOrder[],
  threads: number,
  onFound: (finding: Finding) => void,
): Promise<void> {
  const waiting = [...orders]
  const runThread = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./fault-worker.ts', import.meta.url))
      const next = (): void => worker.postMessage(waiting.shift() ?? 'end')
      worker.on('error', reject)
      worker.on('exit', () => resolve())
      worker.on('message', (finding: Finding) => {
        onFound(finding)
        next()
      })
      next()
    })
  await Promise.all(Array.from({ length: Math.min(threads, orders.length) }, runThread))
}

await main()
