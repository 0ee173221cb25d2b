import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const page = fileURLToPath(new URL('../../../docs/benchmarks.md', import.meta.url))
const chart = fileURLToPath(new URL('../../../docs/images/benchmarks.svg', import.meta.url))
const [begin, end] = ['<!-- bench:begin -->', '<!-- bench:end -->']

/** Replaces what stands between the two markers; the words around them are people's. */
export function writeReport({ markdown, svg }) {
  const text = readFileSync(page, 'utf8')
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from === -1 || to < from) throw new Error(`${page} lacks the markers ${begin} and ${end}`)
  writeFileSync(page, `${text.slice(0, from + begin.length)}\n\n${markdown}\n${text.slice(to)}`)
  if (svg === null) return
  mkdirSync(fileURLToPath(new URL('.', `file://${chart}`)), { recursive: true })
  writeFileSync(chart, svg)
}
