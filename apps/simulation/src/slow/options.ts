import { parseArgs } from 'node:util'
import { wholeNumber } from '../command/whole-number.ts'

export interface SlowOptions {
  readonly database: 'sqlite' | 'postgres'
  readonly nodes: number
  readonly seeds: number
  readonly from: number
  readonly steps: number
  readonly isCoverage: boolean
}

export const usage = `npm run simulate:slow -- [--database sqlite|postgres] [--nodes N] [--seeds K] [--from M] [--steps S] [--coverage]

  --database D   sqlite, or postgres: a cluster of its own; default sqlite
  --nodes N      processes of the service; default 1 on SQLite, which has no more, and 4 on PostgreSQL
  --seeds K      how many seeds are played; default 10
  --from M       the first seed; default a new one, from the time of day
  --steps S      steps of a run; default 100
  --coverage     prints what the seeds have reached
`

/** @throws Error for an option that is none, or no number */
export function readSlowOptions(argv: readonly string[], now: number): SlowOptions {
  const { values } = parseArgs({
    args: argv.filter((arg) => arg !== '--'),
    options: {
      database: { type: 'string', default: 'sqlite' },
      nodes: { type: 'string' },
      seeds: { type: 'string', default: '10' },
      from: { type: 'string', default: String(now % 1_000_000_000) },
      steps: { type: 'string', default: '100' },
      coverage: { type: 'boolean', default: false },
    },
  })
  const { database } = values
  if (database !== 'sqlite' && database !== 'postgres')
    throw new Error(`--database takes sqlite or postgres, not “${database}”`)
  const nodes = wholeNumber('nodes', values.nodes ?? (database === 'sqlite' ? '1' : '4'))
  if (nodes < 1) throw new Error('--nodes takes 1 or more')
  if (database === 'sqlite' && nodes > 1)
    throw new Error('--nodes takes 1 with SQLite, which several nodes cannot share')
  return {
    ...{ database, nodes },
    seeds: wholeNumber('seeds', values.seeds),
    from: wholeNumber('from', values.from),
    steps: wholeNumber('steps', values.steps),
    isCoverage: values.coverage,
  }
}
