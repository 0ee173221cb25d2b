import { parentPort } from 'node:worker_threads'
import { planSteps } from '../actions/index.ts'
import { loadProduct } from '../product/load-product.ts'
import { playRun } from '../run.ts'
import { drawConfig } from '../world/config.ts'
import { faults } from './index.ts'

const steps = 200

/** What a thread does next: the fault by its place in the list, and the seeds that it may take. */
export interface FaultOrder {
  readonly index: number
  readonly most: number
  readonly from: number
}

/** A fault, and how soon it was found. */
export interface Finding {
  readonly index: number
  /** How many seeds it took; null where all of them passed. */
  readonly seeds: number | null
  readonly invariant: string
}

/** Plays seeds with the patches of a fault until one breaks a sentence. */
async function find({ index, most, from }: FaultOrder): Promise<Finding> {
  const product = await loadProduct(faults[index]?.patches)
  return new Promise((resolve) => {
    // A run has to begin in a task of its own: it runs the reactions of promises itself.
    setImmediate(() => {
      for (let seeds = 1; seeds <= most; seeds++) {
        const seed = from + seeds - 1
        const { violation } = playRun({
          product,
          config: drawConfig(seed),
          steps: planSteps(seed, steps),
        })
        if (violation !== null) return resolve({ index, seeds, invariant: violation.invariant })
      }
      resolve({ index, seeds: null, invariant: '' })
    })
  })
}

// One thread for many faults: what is common to all of them is compiled once.
parentPort?.on('message', (order: FaultOrder | 'end') => {
  if (order === 'end') parentPort?.close()
  else void find(order).then((finding) => parentPort?.postMessage(finding))
})
