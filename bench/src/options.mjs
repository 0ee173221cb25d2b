import process from 'node:process'
import { parseArgs } from 'node:util'

const usage = `npm run bench -- [options]
  --rounds N        how often each server is measured (3); the scaling sections use two thirds as many
  --seconds N       how long each load lasts in a round (2); half as long in the scaling sections
  --connections N   the number of connections, with one call in flight on each (64)
  --only A,B        of: peers, connections, batches, sizes, passwords, postgres, postgresSizes,
                    postgresNodes, start, fresh, profile
  --million         measures with 1,000,000 users and 3,000,000 sessions too
  --no-write        does not change docs/benchmarks.md, docs/benchmarks.zh-CN.md and their chart`

export const sections = [
  'peers',
  'connections',
  'batches',
  'sizes',
  'passwords',
  'postgres',
  'postgresSizes',
  'postgresNodes',
  'start',
  'fresh',
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
  for (const name of only)
    if (!sections.includes(name)) exitWithUsage(`--only: unknown section ${name}`)
  return {
    ...values,
    only,
    rounds: parseInteger('rounds', values.rounds, 100),
    seconds: parseInteger('seconds', values.seconds, 600),
    connections: parseInteger('connections', values.connections, 1024),
  }
}

function parseInteger(name, text, max) {
  const number = /^\d+$/.test(text) ? Number(text) : 0
  if (number < 1 || number > max) exitWithUsage(`--${name} must be a whole number from 1 to ${max}`)
  return number
}

function exitWithUsage(problem) {
  console.error(`${problem}\n\n${usage}`)
  process.exit(1)
}
