import { measure, warmUp } from './measure.mjs'

/**
 * In each round all contestants start and get warm, and then take their turns, A B C, C B A, A B C …, in `passes`
 * short windows that share the seconds of a load. Who is not loaded takes no processor time, and windows that
 * lie side by side are what a machine of changing speed changes least in. Where a load is `slow` to be
 * answered it has one window in a round. Answers `load → contestant → measurements`, each with the `turn` in
 * which it was taken.
 */
export async function takeTurns({ rounds, passes = 1, contestants, log }) {
  const results = new Map()
  for (let round = 1; round <= rounds; round += 1) {
    const running = []
    try {
      for (const { start, data, ...one } of contestants)
        running.push({ ...one, server: await start(data) })
      // Met last is what is measured first: a new load has the engine compile again what both share.
      for (const { server, loads } of running)
        await warmUp(server, Object.values(loads).toReversed())
      await measureAll(running, { passes, round, results })
    } finally {
      for (const { server } of running) await server.stop()
    }
    log(`round ${round}: ${contestants.map(({ id }) => id).join(', ')}`)
  }
  return results
}

async function measureAll(running, { passes, round, results }) {
  for (const load of new Set(running.flatMap(({ loads }) => Object.keys(loads))))
    for (let pass = 1; pass <= passes; pass += 1)
      for (const one of pass % 2 === 1 ? running : running.toReversed()) {
        const how = one.loads[load]
        if (how === undefined || (how.slow && pass > 1)) continue
        const measured = await measure(one.server, { ...how, seconds: how.seconds / passes })
        keep(results, { load, id: one.id, measured: { ...measured, turn: `${round}.${pass}` } })
      }
}

function keep(results, { load, id, measured }) {
  const byContestant = results.get(load) ?? new Map()
  results.set(load, byContestant)
  byContestant.set(id, [...(byContestant.get(id) ?? []), measured])
}
