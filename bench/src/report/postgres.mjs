import { postgresConnections } from '../sections/postgres.mjs'
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
