import { postgresConnections } from '../sections/postgres.mjs'
import { postgresSizes } from '../sections/postgres-sizes.mjs'
import { digits, middle, ratio, times } from './statistics.mjs'
import { table } from './table.mjs'

export function describePostgres(results) {
  if (results === null) return '### PostgreSQL\n\nNot measured: PostgreSQL is not installed.'
  const costs = (rounds) => [
    ...['rate', 'cpu', 'databaseCpu'].map((key) => digits(middle(rounds, key))),
    ...['p50', 'p99'].map((key) => digits(middle(rounds, key))),
  ]
  const head = [
    ...['connections', 'server', 'calls/s', 'node µs', 'PostgreSQL µs', 'p50 ms', 'p99 ms'],
    ...['mianmi: node µs relative to it', 'calls/s relative to it'],
  ]
  const rows = (load, others) =>
    postgresConnections.flatMap((count) => {
      const byCandidate = results.get(`${load} ${count}`)
      const ours = byCandidate.get('mianmi')
      return [
        [count, 'mianmi', ...costs(ours), '', ''],
        ...others.map(([id, label]) => {
          const theirs = byCandidate.get(id)
          const relative = ['cpu', 'rate'].map((key) => times(ratio(ours, theirs, key)))
          return [count, label, ...costs(theirs), ...relative]
        }),
      ]
    })
  const naive = ['naive', 'bare route, pool of 10']
  const grouped = ['grouped', 'bare route, grouped']
  const each = ['oneStatementEach', 'a statement each, pool of 10']
  return [
    '### PostgreSQL: `me`',
    table(head, rows('me', [naive, grouped])),
    '### PostgreSQL: `miniLogin`',
    table(head, rows('login', [each])),
  ].join('\n\n')
}

export function describePostgresSizes(results, options) {
  if (results === null)
    return '### PostgreSQL: database size\n\nNot measured: PostgreSQL is not installed.'
  const sizes = postgresSizes(options)
  const rows = ['me', 'login'].flatMap((load) =>
    sizes.map((size) => {
      const [rounds, small] = [size, sizes[0]].map((one) => results.get(load).get(String(one)))
      const relative = (key) => (size === sizes[0] ? '' : times(ratio(rounds, small, key)))
      return [
        load === 'me' ? '`me`' : '`miniLogin`',
        size.toLocaleString('en-US'),
        ...['rate', 'cpu', 'databaseCpu', 'p99'].map((key) => digits(middle(rounds, key))),
        ...['cpu', 'databaseCpu'].map(relative),
      ]
    }),
  )
  const head = [
    ...['procedure', 'users and identities (sessions: 3 ×)', 'calls/s', 'node µs'],
    ...['PostgreSQL µs', 'p99 ms', 'node µs relative to the smallest'],
    'PostgreSQL µs relative to the smallest',
  ]
  return ['### PostgreSQL: database size', table(head, rows)].join('\n\n')
}

export function describePostgresNodes(results) {
  if (results === null) return '### PostgreSQL: nodes\n\nNot measured: PostgreSQL is not installed.'
  const head = [
    ...['nodes', 'logins/s', 'acknowledged logins', 'of these lost', 'users created twice'],
    ...['calls with an ended session', 'of these accepted'],
  ]
  const rows = results.map(({ count, rate, ...counts }) => [
    count,
    digits(rate),
    ...['acknowledged', 'lost', 'doubled', 'ended', 'accepted'].map((key) =>
      counts[key].toLocaleString('en-US'),
    ),
  ])
  return ['### PostgreSQL: nodes', table(head, rows)].join('\n\n')
}
