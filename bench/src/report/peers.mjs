import { names } from './names.mjs'
import { digits, middle, ratio, times } from './statistics.mjs'
import { table } from './table.mjs'

/** Above this share of its core the load may be what limits, and not the server. */
const busy = 0.9

export function describePeers(results) {
  const limited = [...results.values()].some((load) => [...load.values()].some(isLimited))
  return [
    '### `me`, authorised',
    comparison(results.get('me'), 'fastify'),
    '### Logins',
    comparison(results.get('login'), null),
    ...(limited
      ? ['¹ The load had its core to more than 90 %, so this server can do more than is shown.']
      : []),
  ].join('\n\n')
}

function comparison(load, measure) {
  const ours = load.get('mianmi')
  const against = (rounds, id, other) =>
    id === other ? '1' : times(ratio(rounds, load.get(other), 'rate'))
  const rows = [...load]
    .sort(([, left], [, right]) => middle(right, 'rate') - middle(left, 'rate'))
    .map(([id, rounds]) => [
      names[id],
      digits(middle(rounds, 'rate')) + (isLimited(rounds) ? '¹' : ''),
      ...(measure === null ? [] : [against(rounds, id, measure)]),
      id === 'mianmi' ? '1' : times(ratio(ours, rounds, 'rate')),
      ...['p50', 'p99', 'cpu', 'rss'].map((key) => digits(middle(rounds, key))),
    ])
  const head = [
    'server',
    'calls/s',
    ...(measure === null ? [] : ['against a bare route']),
    'mianmi against it',
    'p50 ms',
    'p99 ms',
    'CPU µs a call',
    'RSS MiB',
  ]
  return table(head, rows)
}

const isLimited = (rounds) => middle(rounds, 'loadShare') > busy
