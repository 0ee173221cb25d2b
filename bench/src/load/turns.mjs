import { measure, withServer } from './measure.mjs'

/**
 * A B C, A B C …: each contestant starts, meets its loads and stops, `rounds` times over, so that whatever
 * else the machine does falls on all of them alike. Answers `load → contestant → measurements`.
 */
export async function takeTurns({ rounds, contestants, log }) {
  const results = new Map()
  for (let round = 1; round <= rounds; round += 1)
    for (const { id, start, data, loads } of contestants)
      await withServer(start, data, async (server) => {
        for (const [load, how] of Object.entries(loads)) {
          const measured = await measure(server, how)
          log(`round ${round}: ${load}, ${id}: ${Math.round(measured.rate)}/s`)
          keep(results, { load, id, measured })
        }
      })
  return results
}

function keep(results, { load, id, measured }) {
  const byContestant = results.get(load) ?? new Map()
  results.set(load, byContestant)
  byContestant.set(id, [...(byContestant.get(id) ?? []), measured])
}
