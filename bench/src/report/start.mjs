import { names } from './names.mjs'
import { digits, median, middle, ratio, times } from './statistics.mjs'
import { table } from './table.mjs'

export function describeStart(results) {
  const ours = results.get('mianmi')
  const rows = [...results].map(([id, starts]) => {
    const ms = starts.map(({ startMs }) => startMs)
    const against = (key) =>
      id === 'mianmi' || starts[0][key] === null ? '' : times(ratio(ours, starts, key))
    return [
      names[id],
      `${digits(median(ms))} (${digits(Math.min(...ms))}–${digits(Math.max(...ms))})`,
      against('startMs'),
      digits(middle(starts, 'rss')),
      against('rss'),
    ]
  })
  const head = [
    'server',
    'ready after ms',
    'mianmi against it',
    'idle RSS MiB',
    'mianmi against it',
  ]
  return ['### From start to `/readyz`, and memory at rest', table(head, rows)].join('\n\n')
}

/** Whoever takes less than this share is left to the rest. */
const mentioned = 0.01

export function describeProfile(shares) {
  const percent = (share) => `${(share * 100).toFixed(1)} %`
  const large = shares.filter(([, share]) => share >= mentioned)
  const rest = 1 - large.reduce((sum, [, share]) => sum + share, 0)
  const rows = [...large, ['the rest', rest]].map(([owner, share]) => [
    owner === 'the rest' ? owner : `\`${owner}\``,
    percent(share),
  ])
  return ['### Where the time of `me` goes', table(['who', 'share of the CPU'], rows)].join('\n\n')
}
