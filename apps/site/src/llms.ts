import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pages, read } from './tree.ts'

/**
 * `llms.txt` as it is in the repository, and `llms-full.txt`: every English page, for coding agents that read one file.
 * The threat model and the ASVS list are left out, because no agent needs them to use mianmi.
 */
export function writeLlmsTexts(folder: string): void {
  mkdirSync(folder, { recursive: true })
  const short = read('docs/llms.txt')
  writeFileSync(join(folder, 'llms.txt'), short)
  const leftOut = ['docs/threat-model.md', 'docs/asvs.md', 'docs/benchmarks.md']
  const texts = pages
    .filter(({ source }) => !leftOut.includes(source) && !source.startsWith('docs/decisions/'))
    .map(({ source }) => `<!-- ${source} -->\n\n${read(source).trim()}\n`)
  writeFileSync(join(folder, 'llms-full.txt'), [short, ...texts].join('\n'))
}
