import { drawChart } from './chart.mjs'
import { describeFresh } from './fresh.mjs'
import { describeMachine } from './machine.mjs'
import { describePasswords } from './passwords.mjs'
import { describePeers } from './peers.mjs'
import { describePostgres, describePostgresNodes, describePostgresSizes } from './postgres.mjs'
import { describeBatches, describeConnections, describeSizes } from './scaling.mjs'
import { describeProfile, describeStart } from './start.mjs'
import { digits, median, middleHalf } from './statistics.mjs'

const describers = {
  peers: describePeers,
  connections: describeConnections,
  batches: describeBatches,
  sizes: describeSizes,
  passwords: describePasswords,
  postgres: describePostgres,
  postgresSizes: describePostgresSizes,
  postgresNodes: describePostgresNodes,
  start: describeStart,
  fresh: describeFresh,
  profile: describeProfile,
}

/** Formats all results as Markdown; with `peers` among them, draws a chart too. */
export function describe(results, { options, disk, minutes }) {
  const parts = Object.entries(results).map(([name, result]) => describers[name](result, options))
  return {
    markdown: `${[describeConditions(options, minutes), describeOtherLoad(results), describeDisk(disk), ...parts].join('\n\n')}\n`,
    svg: results.peers === undefined ? null : drawChart(results.peers),
  }
}

function describeConditions({ rounds, seconds, connections, pinned }, minutes) {
  const cores = pinned
    ? 'one core for the server, one for the load'
    : 'nothing pinned to a core, so the load and the server compete for CPU time'
  const round = rounds === 1 ? 'round' : 'rounds'
  return `${describeMachine()}; ${cores}; ${rounds} ${round} of ${seconds} s (in the scaling sections two thirds as many, half as long), ${connections} connections unless stated otherwise; ${minutes.toFixed(1)} minutes in total. Values are medians; the brackets contain the middle half.`
}

/** The disk decides how much group commit gains over one commit for each write. */
function describeDisk(times) {
  const { low, high } = middleHalf(times)
  return `Disk: syncing an append to a file took ${digits(median(times))} ms (${digits(low)}–${digits(high)}), measured before and after the run.`
}

/** How much of the server's core other programs used; much of it makes the figures of a run unreliable. */
function describeOtherLoad(results) {
  const shares = ['peers', 'connections', 'batches', 'sizes', 'postgres', 'postgresSizes']
    .flatMap((name) => [...(results[name]?.values() ?? [])])
    .flatMap((load) => [...load.values()].flat())
    .map(({ othersShare }) => othersShare)
  if (shares.length === 0 || shares.includes(null)) return 'The load of other programs is unknown.'
  const percent = (share) => `${Math.round(share * 100)} %`
  const typical = percent(median(shares))
  return `Other programs used ${typical} of the server's core in the median measurement, and ${percent(Math.max(...shares))} in the worst.`
}
