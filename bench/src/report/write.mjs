import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { toChinese } from './chinese.mjs'

const inDocs = (path) => fileURLToPath(new URL(`../../../docs/${path}`, import.meta.url))
const picture = '![Calls per second of mianmi and its peers](images/benchmarks.svg)'
const [begin, end] = ['<!-- bench:begin -->', '<!-- bench:end -->']

/** Writes the report in both languages, and the chart. The English page comes first: it needs no translation. */
export function writeReport({ markdown, svg }) {
  if (svg !== null) writeFileSync(inDocs('images/benchmarks.svg'), svg)
  const report = [...(svg === null ? [] : [picture]), markdown].join('\n\n')
  replaceReport(inDocs('benchmarks.md'), report)
  replaceReport(inDocs('benchmarks.zh-CN.md'), toChinese(report))
}

/** Replaces the text between the two markers; the text around them is written by hand. */
function replaceReport(page, report) {
  const text = readFileSync(page, 'utf8')
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from === -1 || to < from) throw new Error(`${page} lacks the markers ${begin} and ${end}`)
  writeFileSync(page, `${text.slice(0, from + begin.length)}\n\n${report}\n${text.slice(to)}`)
}
