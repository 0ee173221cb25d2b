import { concurrentPasswords } from '../sections/passwords.mjs'
import { digits, middle, ratio, times } from './statistics.mjs'
import { table } from './table.mjs'

export function describePasswords(results) {
  const alone = results.get('alone').get('mianmi')
  const rows = [
    ['alone', alone],
    [
      `during ${concurrentPasswords} concurrent password checks`,
      results.get('duringPasswordChecks').get('mianmi'),
    ],
  ].map(([name, rounds]) => [
    name,
    ...['rate', 'p50', 'p99'].map((key) => digits(middle(rounds, key))),
    rounds === alone ? '1' : times(ratio(rounds, alone, 'p99')),
    digits(middle(rounds, 'backgroundRate')),
  ])
  const head = ['`me`', 'calls/s', 'p50 ms', 'p99 ms', 'p99 relative to alone', 'password checks/s']
  return ['### `me` during password checks', table(head, rows)].join('\n\n')
}
