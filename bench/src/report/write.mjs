import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const page = fileURLToPath(new URL('../../../docs/benchmarks.md', import.meta.url))
const chart = fileURLToPath(new URL('../../../docs/images/benchmarks.svg', import.meta.url))
const picture = '![Calls per second of mianmi and its peers](images/benchmarks.svg)'
const [begin, end] = ['<!-- bench:begin -->', '<!-- bench:end -->']

/** Replaces the text between the two markers; the text around them is written by hand. */
export function writeReport({ markdown, svg }) {
  const text = readFileSync(page, 'utf8')
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from === -1 || to < from) throw new Error(`${page} lacks the markers ${begin} and ${end}`)
  const parts = [text.slice(0, from + begin.length), ...(svg === null ? [] : [picture]), markdown]
  writeFileSync(page, `${parts.join('\n\n')}\n${text.slice(to)}`)
  if (svg !== null) writeFileSync(chart, svg)
}
