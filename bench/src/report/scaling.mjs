import { batchSizes, connectionCounts, databaseSizes } from '../sections/scaling.mjs'
import { digits, middle, ratio, times } from './statistics.mjs'
import { table } from './table.mjs'

export function describeConnections(results) {
  const rows = (load, other) =>
    connectionCounts.map((count) => {
      const byCandidate = results.get(`${load} ${count}`)
      const [ours, theirs] = [byCandidate.get('mianmi'), byCandidate.get(other)]
      return [
        count,
        ...['rate', 'p50', 'p99'].map((key) => digits(middle(ours, key))),
        ...['rate', 'p99'].map((key) => digits(middle(theirs, key))),
        times(ratio(ours, theirs, 'rate')),
      ]
    })
  const head = (other) => [
    'connections',
    'calls/s',
    'p50 ms',
    'p99 ms',
    `${other}: calls/s`,
    'p99 ms',
    'mianmi relative to it',
  ]
  return [
    '### Concurrent callers: `me`',
    table(head('bare route'), rows('me', 'fastify')),
    '### Concurrent callers: `miniLogin`',
    table(head('one commit per write'), rows('login', 'oneCommitEach')),
  ].join('\n\n')
}

export function describeBatches(results) {
  const rows = batchSizes.map((size) => {
    const byCandidate = results.get(`batch ${size}`)
    const [ours, theirs] = [byCandidate.get('mianmi'), byCandidate.get('trpcOfficial')]
    const perCall = (rounds, key) =>
      key === 'cpu' && middle(rounds, key) === null
        ? null
        : key === 'cpu'
          ? middle(rounds, key) / size
          : middle(rounds, key) * size
    return [
      size,
      ...['rate', 'cpu'].map((key) => digits(perCall(ours, key))),
      ...['rate', 'cpu'].map((key) => digits(perCall(theirs, key))),
      times(ratio(ours, theirs, 'rate')),
    ]
  })
  const head = [
    'calls in a batch',
    'calls/s',
    'CPU µs per call',
    'official adapter: calls/s',
    'CPU µs per call',
    'mianmi relative to it',
  ]
  return ['### Batches of `me`', table(head, rows)].join('\n\n')
}

export function describeSizes(results, options) {
  const sizes = databaseSizes(options)
  const rows = sizes.map((size) => [
    size.toLocaleString('en-US'),
    ...['me', 'login'].flatMap((load) => {
      const rounds = results.get(load).get(String(size))
      const small = results.get(load).get(String(sizes[0]))
      return [
        digits(middle(rounds, 'rate')),
        digits(middle(rounds, 'p99')),
        size === sizes[0] ? '1' : times(ratio(rounds, small, 'rate')),
      ]
    }),
  ])
  const head = ['users and identities (sessions: 3 ×)']
  for (const load of ['`me`', '`miniLogin`'])
    head.push(`${load}: calls/s`, 'p99 ms', 'relative to the smallest')
  return ['### Database size', table(head, rows)].join('\n\n')
}
