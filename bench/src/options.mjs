import process from 'node:process'
import { parseArgs } from 'node:util'

const usage = `pnpm bench [options]
  --rounds N        how often each server has its turn (3); two thirds of it for growth
  --seconds N       how long each load lasts in a round (2); those of growth last half of it
  --connections N   how many calls are in flight at once (64)
  --only A,B        of: peers, connections, batches, sizes, passwords, start, profile
  --million         also with 1,000,000 users and 3,000,000 sessions in the database
  --no-write        leaves docs/benchmarks.md and its chart alone`

export const sections = [
  'peers',
  'connections',
  'batches',
  'sizes',
  'passwords',
  'start',
  'profile',
]

export function readOptions() {
  const { values } = parseArgs({
    allowNegative: true,
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '2' },
      connections: { type: 'string', default: '64' },
      only: { type: 'string', default: sections.join(',') },
      million: { type: 'boolean', default: false },
      write: { type: 'boolean', default: true },
      pinned: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(usage)
    process.exit(0)
  }
  const only = values.only.split(',')
  for (const name of only) if (!sections.includes(name)) refuse(`--only knows no ${name}`)
  return {
    ...values,
    only,
    rounds: whole('rounds', values.rounds, 100),
    seconds: whole('seconds', values.seconds, 600),
    connections: whole('connections', values.connections, 1024),
  }
}

function whole(name, text, most) {
  const number = /^\d+$/.test(text) ? Number(text) : 0
  if (number < 1 || number > most) refuse(`--${name} must be a whole number from 1 to ${most}`)
  return number
}

function refuse(why) {
  console.error(`${why}\n\n${usage}`)
  process.exit(1)
}
