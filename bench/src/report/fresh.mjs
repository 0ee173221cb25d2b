import { newSeconds, warmAfter } from '../sections/fresh.mjs'
import { names } from './names.mjs'
import { digits, middle, ratio, times } from './statistics.mjs'
import { table } from './table.mjs'

export function describeFresh(results) {
  const bare = results.get('fastify')
  const rows = [...results].map(([id, runs]) => [
    names[id],
    digits(middle(runs, 'p99')),
    runs === bare ? '1' : times(ratio(runs, bare, 'p99')),
    digits(middle(runs, 'p99Settled')),
    ...['firstSecond', 'early', 'settled'].map((key) => digits(middle(runs, key))),
    `${digits(middle(runs, 'earlyShare'))} ×`,
  ])
  const head = [
    'server',
    `p99 ms in the first ${newSeconds} s`,
    'relative to a bare route',
    'p99 ms after that',
    'calls/s in the first second',
    `calls/s after ${warmAfter} s`,
    `calls/s after ${newSeconds} s`,
    `after ${warmAfter} s relative to later`,
  ]
  return ['### A new process under full load: `me`', table(head, rows)].join('\n\n')
}
