import { names } from './names.mjs'
import { digits, middle, ratio, times } from './statistics.mjs'
import { table } from './table.mjs'

/** Above this share of its core the load, not the server, may be the limit. */
const maxLoadShare = 0.9

export function describePeers(results) {
  const limited = [...results.values()].some((load) => [...load.values()].some(isLimited))
  return [
    '### `me`, authorised',
    comparison(results.get('me'), 'fastify'),
    '### Logins',
    comparison(results.get('login'), null),
    ...(limited
      ? ['¹ The load used more than 90 % of its core, so this server can do more than is shown.']
      : []),
  ].join('\n\n')
}

function comparison(load, baseline) {
  const ours = load.get('mianmi')
  const relativeTo = (rounds, id, other) =>
    id === other ? '1' : times(ratio(rounds, load.get(other), 'rate'))
  const rows = [...load]
    .sort(([, left], [, right]) => middle(right, 'rate') - middle(left, 'rate'))
    .map(([id, rounds]) => [
      names[id],
      digits(middle(rounds, 'rate')) + (isLimited(rounds) ? '¹' : ''),
      ...(baseline === null ? [] : [relativeTo(rounds, id, baseline)]),
      id === 'mianmi' ? '1' : times(ratio(ours, rounds, 'rate')),
      ...['p50', 'p99', 'cpu', 'rss'].map((key) => digits(middle(rounds, key))),
    ])
  const head = [
    'server',
    'calls/s',
    ...(baseline === null ? [] : ['relative to a bare route']),
    'mianmi relative to it',
    'p50 ms',
    'p99 ms',
    'CPU µs per call',
    'RSS MiB',
  ]
  return table(head, rows)
}

const isLimited = (rounds) => middle(rounds, 'loadShare') > maxLoadShare
