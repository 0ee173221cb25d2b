import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { invariants } from '../src/invariants/index.ts'
import { sentences } from '../src/slow/sentences.ts'

it('says of each sentence how a slow run holds it', () => {
  expect(Object.keys(sentences).sort()).toEqual(invariants.map(({ name }) => name).sort())
})

it.each(['README.md', 'README.zh-CN.md'])('%s says of each sentence what is seen of it', (file) => {
  const readme = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
  const rows = /^\| `([a-z-]+)` +\| .+ \|$/gm
  const section = readme.slice(readme.indexOf('simulate:slow --'))
  const named = [...section.matchAll(rows)].map(([, name]) => name)
  expect(named.sort()).toEqual(invariants.map(({ name }) => name).sort())
})
