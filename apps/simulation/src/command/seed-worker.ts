import { parentPort, workerData } from 'node:worker_threads'
import { planSteps } from '../actions/index.ts'
import { createCoverage } from '../coverage/coverage.ts'
import { loadProduct } from '../product/load-product.ts'
import { playRun } from '../run.ts'
import { tellSeed } from '../story/tell.ts'
import { drawConfig } from '../world/config.ts'
import type { Order, SeedResult, WorkerOptions } from './play-seeds.ts'

/** A thread that plays the seeds which `play-seeds.ts` gives it. */
const { steps, isCoverage } = workerData as WorkerOptions
const product = await loadProduct()
const coverage = createCoverage()

function playSeed(seed: number, isTold: boolean): SeedResult {
  const { violation } = playRun({
    product,
    config: drawConfig(seed),
    steps: planSteps(seed, steps),
    watching: isCoverage ? [coverage.observer] : [],
  })
  const story = isTold && violation !== null ? tellSeed(product, seed, steps) : null
  return { seed, violation, story }
}

parentPort?.on('message', (order: Order) => {
  if (order === 'end') {
    parentPort?.postMessage({ reached: [...coverage.reached] })
    parentPort?.close()
    return
  }
  // A run has to begin in a task of its own: it runs the reactions of promises itself.
  setImmediate(() => {
    const results = order.seeds.map((seed) => playSeed(seed, order.isTold))
    parentPort?.postMessage({ results })
  })
})
parentPort?.postMessage({ results: [] })
