import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

interface Chunk {
  readonly file: string
  readonly css?: readonly string[]
  readonly imports?: readonly string[]
}

const dist = new URL('../dist/', import.meta.url)
const manifest: Record<string, Chunk> = JSON.parse(
  await readFile(new URL('.vite/manifest.json', dist), 'utf8'),
)

/** All files that these entries import statically, directly or indirectly; no dynamic imports. */
function filesOf(entries: readonly string[]): ReadonlySet<string> {
  const files = new Set<string>()
  const seen = new Set<string>()
  const visit = (name: string) => {
    const chunk = manifest[name]
    if (chunk === undefined) throw new Error(`no ${name} in the build`)
    if (seen.has(name)) return
    seen.add(name)
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file)
    for (const next of chunk.imports ?? []) visit(next)
  }
  for (const entry of entries) visit(entry)
  return files
}

const firstLoad = filesOf([
  'index.html',
  'src/pages/sign-in/page.tsx',
  'src/layout/app-layout.tsx',
  'src/pages/people/list/page.tsx',
])

test('sign-in and the list of people load at most 300 KB, gzipped', async () => {
  const weights = await Promise.all(
    [...firstLoad].map(async (file) => gzipSync(await readFile(new URL(file, dist))).length),
  )
  expect(weights.length).toBeGreaterThan(4)
  expect(weights.reduce((sum, weight) => sum + weight)).toBeLessThanOrEqual(300_000)
})

test('the page needs no inline script, which its Content-Security-Policy forbids', async () => {
  const html = await readFile(new URL('index.html', dist), 'utf8')
  const scripts = [...html.matchAll(/<script([^>]*)>([^<]*)/g)]
  expect(scripts.length).toBeGreaterThan(0)
  for (const [, attributes, body] of scripts) {
    expect(attributes).toMatch(/ src="\/admin\/assets\/[\w.-]+\.js"/)
    expect(body).toBe('')
  }
})
