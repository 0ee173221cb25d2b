import { availableParallelism } from 'node:os'
import { expect, it } from 'vitest'
import { planSteps } from '../src/actions/index.ts'
import { playSeeds } from '../src/command/play-seeds.ts'
import { loadProduct, type Product } from '../src/product/load-product.ts'
import { playRun } from '../src/run.ts'
import { drawConfig } from '../src/world/config.ts'

const stepsPerRun = 200
/** The same in each run of the gate, so that it says what a change has broken. */
const fixed = 40
/** New ones every day: as many as fit into the time, in ms, but never fewer than the least and more than the most. */
const [least, most, time] = [20, 1_000, 100_000]

/** Plays a run in a task of its own, as it has to be. */
const inTask = <T>(work: () => T): Promise<T> =>
  new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(work())
      } catch (error) {
        reject(error)
      }
    })
  })

const play = (product: Product, seed: number) =>
  inTask(() => playRun({ product, config: drawConfig(seed), steps: planSteps(seed, stepsPerRun) }))

/** Plays seeds until `isOver` says so. Returns how many; throws the story of one that breaks a sentence. */
async function playAll(from: number, seeds: number, isOver: (played: number) => boolean) {
  let played = 0
  const stories: string[] = []
  await playSeeds({
    ...{ from, seeds, steps: stepsPerRun, threads: availableParallelism() },
    isTold: () => stories.length === 0,
    onPlayed({ seed, violation, story }) {
      played += 1
      if (violation !== null) stories.push(story ?? `Seed ${seed}: ${violation.detail}`)
      return stories.length === 0 && !isOver(played)
    },
  })
  if (stories[0] !== undefined) throw new Error(stories[0])
  return played
}

it('breaks no sentence in the worlds of the first seeds', { timeout: 600_000 }, async () => {
  expect(await playAll(1, fixed, () => false)).toBe(fixed)
})

/** So far the first seeds of two days are apart. */
const seedsOfDay = 10_000

it('breaks no sentence in the worlds of the day', { timeout: 600_000 }, async () => {
  // Those of the day, so that a run that fails fails again, and says the same with a change and without it.
  const from = Math.floor(Date.now() / 86_400_000) * seedsOfDay
  // Printed first: where the run is ended from outside, it says what was played.
  console.info(`simulation: fresh seeds from ${from}`)
  const startedAt = performance.now()
  const isOver = (count: number): boolean => count >= least && performance.now() - startedAt >= time
  const played = await playAll(from, most, isOver)
  console.info(`simulation: ${played} runs of ${stepsPerRun} steps, seeds ${from} and on`)
  expect(played).toBeGreaterThanOrEqual(least)
})

it('plays the same run from the same seed', async () => {
  const product = await loadProduct()
  const twice = [await play(product, 7), await play(product, 7)]
  expect(twice[0]?.events).toBe(twice[1]?.events)
  const told = await inTask(() =>
    [0, 1].map(() =>
      playRun({ product, config: drawConfig(7), steps: planSteps(7, stepsPerRun), isTold: true }),
    ),
  )
  expect(told[0]?.story).toEqual(told[1]?.story)
  expect(told[0]?.story.length).toBeGreaterThan(100)
})
