import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import process from 'node:process'

/**
 * Type-checks the examples in the docstrings of the package in the current folder: each `@example` becomes a file in
 * `.reports/examples/`, and `test/examples/tsconfig.json` says how to compile them.
 */
const folder = '.reports/examples'
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

let count = 0
const files = readdirSync('src', { recursive: true })
for (const file of files.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))) {
  const comments = readFileSync(`src/${file}`, 'utf8').matchAll(/@example\n((?: *\*(?!\/).*\n)+)/g)
  for (const [, comment = ''] of comments) {
    const text = comment.replace(/^ *\* ?/gm, '')
    for (const [, code = ''] of text.matchAll(/```ts\n([\s\S]*?)```/g)) {
      count += 1
      const name = `${file.replaceAll(/[\\/]/g, '-').replace(/\.ts$/, '')}-${count}`
      writeFileSync(`${folder}/${name}.ts`, `${code}\nexport {}\n`)
    }
  }
}
if (count === 0) {
  console.error('no @example in src/')
  process.exit(1)
}
const { status } = spawnSync('tsc', ['--noEmit', '-p', 'test/examples'], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
})
if (status === 0) console.log(`${count} examples compile`)
process.exit(status ?? 1)
