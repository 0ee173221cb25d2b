import { names } from './names.mjs'
import { digits, median, middle, ratio, times } from './statistics.mjs'
import { table } from './table.mjs'

export function describeStart(results) {
  const ours = results.get('mianmi')
  const rows = [...results].map(([id, starts]) => {
    const ms = starts.map(({ startMs }) => startMs)
    const relative = (key) =>
      id === 'mianmi' || starts[0][key] === null ? '' : times(ratio(ours, starts, key))
    return [
      names[id],
      `${digits(median(ms))} (${digits(Math.min(...ms))}–${digits(Math.max(...ms))})`,
      relative('startMs'),
      digits(middle(starts, 'rss')),
      relative('rss'),
    ]
  })
  const head = [
    'server',
    'ready after ms',
    'mianmi relative to it',
    'idle RSS MiB',
    'mianmi relative to it',
  ]
  return ['### Start to `/readyz`, and idle memory', table(head, rows)].join('\n\n')
}

/** Smaller shares are summed up in the last row. */
const minShare = 0.01

export function describeProfile(shares) {
  const percent = (share) => `${(share * 100).toFixed(1)} %`
  const large = shares.filter(([, share]) => share >= minShare)
  const rest = 1 - large.reduce((sum, [, share]) => sum + share, 0)
  const rows = [...large, ['the rest', rest]].map(([owner, share]) => [
    owner === 'the rest' ? owner : `\`${owner}\``,
    percent(share),
  ])
  return ['### CPU profile of `me`', table(['module', 'share of the CPU'], rows)].join('\n\n')
}
