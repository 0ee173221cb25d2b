import { measure, warmUp } from './measure.mjs'

/**
 * In each round, starts and warms up all candidates and then measures them in turn, A B C, C B A, A B C …, in `passes`
 * short windows that share the seconds of a load. An idle server uses no CPU time, and adjacent windows are affected
 * least by a machine whose speed changes. A load that is `slow` to reply has one window a round. Returns
 * `load → candidate → measurements`, each with its `turn`.
 */
export async function measureInTurns({ rounds, passes = 1, candidates, log }) {
  const results = new Map()
  for (let round = 1; round <= rounds; round += 1) {
    const running = []
    try {
      for (const { start, data, ...one } of candidates)
        running.push({ ...one, server: await start(data) })
      // The load that is measured first is warmed up last: V8 recompiles shared code for each new load.
      for (const { server, loads } of running)
        await warmUp(server, Object.values(loads).toReversed())
      await measureAll(running, { passes, round, results })
    } finally {
      for (const { server } of running) await server.stop()
    }
    log(`round ${round}: ${candidates.map(({ id }) => id).join(', ')}`)
  }
  return results
}

async function measureAll(running, { passes, round, results }) {
  for (const load of new Set(running.flatMap(({ loads }) => Object.keys(loads))))
    for (let pass = 1; pass <= passes; pass += 1)
      for (const one of pass % 2 === 1 ? running : running.toReversed()) {
        const settings = one.loads[load]
        if (settings === undefined || (settings.slow && pass > 1)) continue
        const measured = await measure(one.server, {
          ...settings,
          seconds: settings.seconds / passes,
        })
        addResult(results, {
          load,
          id: one.id,
          measured: { ...measured, turn: `${round}.${pass}` },
        })
      }
}

function addResult(results, { load, id, measured }) {
  const byCandidate = results.get(load) ?? new Map()
  results.set(load, byCandidate)
  byCandidate.set(id, [...(byCandidate.get(id) ?? []), measured])
}
