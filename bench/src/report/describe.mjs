import { drawChart } from './chart.mjs'
import { describeBatches, describeConnections, describeSizes } from './growth.mjs'
import { describeMachine } from './machine.mjs'
import { describePasswords } from './passwords.mjs'
import { describePeers } from './peers.mjs'
import { describeProfile, describeStart } from './start.mjs'
import { digits, median, middleHalf } from './statistics.mjs'

const describers = {
  peers: describePeers,
  connections: describeConnections,
  batches: describeBatches,
  sizes: describeSizes,
  passwords: describePasswords,
  start: describeStart,
  profile: describeProfile,
}

/** Everything that was measured, as Markdown, and as a chart where there is something to draw. */
export function describe(results, { options, disk, minutes }) {
  const parts = Object.entries(results).map(([name, result]) => describers[name](result, options))
  return {
    markdown: `${[describeConditions(options, minutes), describeQuiet(results), describeDisk(disk), ...parts].join('\n\n')}\n`,
    svg: results.peers === undefined ? null : drawChart(results.peers),
  }
}

function describeConditions({ rounds, seconds, connections, pinned }, minutes) {
  const cores = pinned
    ? 'one core for the server, one for the load'
    : 'nothing pinned to a core: the load and the server get in each other’s way'
  const round = rounds === 1 ? 'round' : 'rounds'
  return `${describeMachine()}; ${cores}; ${rounds} ${round} of ${seconds} s (for growth two thirds as many, half as long), ${connections} connections where nothing else is said; ${minutes.toFixed(1)} minutes in all. Middle values; in brackets where the middle half of them lies.`
}

/** What one commit for many gains over one each is decided here. */
function describeDisk(times) {
  const { low, high } = middleHalf(times)
  return `How quick the disk was: to have what is appended to a file took it ${digits(median(times))} ms (${digits(low)}–${digits(high)}), before everything and after.`
}

/** How much of the server's core went to others: what makes numbers of one run hard to believe. */
function describeQuiet(results) {
  const shares = ['peers', 'connections', 'batches', 'sizes']
    .flatMap((name) => [...(results[name]?.values() ?? [])])
    .flatMap((load) => [...load.values()].flat())
    .map(({ othersShare }) => othersShare)
  if (shares.length === 0 || shares.includes(null)) return 'How quiet the machine was is not known.'
  const percent = (share) => `${Math.round(share * 100)} %`
  const usual = percent(median(shares))
  return `How quiet the machine was: other programs took ${usual} of the server's core in the middle measurement, and ${percent(Math.max(...shares))} in the worst.`
}
