import { names } from './names.mjs'
import { digits, middle } from './statistics.mjs'

/** Draws the two comparisons as a bar chart that follows the reader's light or dark theme. */

const width = 860
const labelWidth = 300
const barHeight = 22
const rowHeight = 32
const titleHeight = 52

const style = `
  text { font: 14px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 16px; font-weight: 600 }
  .label { text-anchor: end }
  .bar { fill: #9aa4b0 }
  .ours { fill: #07a35a }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .bar { fill: #59636e }
    .ours { fill: #2fbf71 }
  }`

export function drawChart(results) {
  const panels = [
    { title: 'me, authorised: calls per second', load: results.get('me') },
    { title: 'Logins: calls per second', load: results.get('login') },
  ]
  let top = 0
  const drawn = panels.map(({ title, load }) => {
    const panel = drawPanel(title, barsOf(load), top)
    top += titleHeight + load.size * rowHeight
    return panel
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top + 16}" role="img" aria-label="Calls per second of mianmi and its peers">
<style>${style}
</style>
${drawn.join('\n')}
</svg>
`
}

const barsOf = (load) =>
  [...load]
    .map(([id, rounds]) => ({ id, rate: middle(rounds, 'rate') }))
    .sort((left, right) => right.rate - left.rate)

function drawPanel(title, bars, top) {
  const maxRate = Math.max(...bars.map(({ rate }) => rate))
  const maxBarWidth = width - labelWidth - 90
  const rows = bars.map(({ id, rate }, index) => {
    const y = top + titleHeight + index * rowHeight
    const length = Math.max(1, (rate / maxRate) * maxBarWidth).toFixed(1)
    const middleOfBar = y + barHeight / 2 + 5
    const ours = id === 'mianmi' ? ' ours' : ''
    return `<text class="label" x="${labelWidth - 10}" y="${middleOfBar}">${shortName(id)}</text>
<rect class="bar${ours}" x="${labelWidth}" y="${y}" width="${length}" height="${barHeight}" rx="3"/>
<text x="${(labelWidth + Number(length) + 8).toFixed(1)}" y="${middleOfBar}">${digits(rate)}</text>`
  })
  return `<text class="title" x="16" y="${top + 32}">${title}</text>\n${rows.join('\n')}`
}

const shortNames = {
  mianmiLogging: 'mianmi, LOG_LEVEL=info',
  betterAuthFreePassword: 'Better Auth, free password check',
}
const shortName = (id) => (shortNames[id] ?? names[id]).replaceAll('&', '&amp;')
