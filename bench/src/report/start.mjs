import { names } from './names.mjs'
import { digits, middle, ratio, times } from './statistics.mjs'
import { table } from './table.mjs'

export function describeStart(results) {
  const ours = results.get('mianmi')
  const rows = [...results].map(([id, starts]) => {
    const pair = (key) => {
      const isKnown = id !== 'mianmi' && starts[0][key] !== null
      return [digits(middle(starts, key)), isKnown ? times(ratio(ours, starts, key)) : '']
    }
    const name = id === 'mianmi' ? 'mianmi, each later start' : names[id]
    return [name, ...pair('startMs'), ...pair('startCpuMs'), ...pair('rss')]
  })
  const relative = 'a later start of mianmi relative to it'
  const head = [
    'server',
    ...['ready after ms', relative, 'CPU ms until ready', relative, 'idle RSS MiB', relative],
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
