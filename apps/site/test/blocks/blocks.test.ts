import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { exists, read, root } from '../../src/tree.ts'
import { blocksOf, type CodeBlock, documents } from './blocks.ts'

/** Each block of code on a page is compiled or parsed. Blocks that are run are named in `elsewhere`. */

const run = promisify(execFile)
const site = join(root, 'apps/site')
const blocks = documents.flatMap(blocksOf)
const of = (...languages: string[]): CodeBlock[] =>
  blocks.filter(({ language }) => languages.includes(language))
const nameOf = ({ file, line }: CodeBlock): string => `${file}:${line}`

/** An empty folder for the blocks of a language. */
function newFolder(name: string): string {
  const folder = join(site, '.reports', name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  return folder
}

/** Languages whose blocks are not compiled here, and why. */
const elsewhere: Readonly<Record<string, string>> = {
  '': 'drawings, and output of commands',
  diff: 'applied and compiled by patches.test.ts',
  sql: 'run by apps/e2e/test/beside-your-backend, by MariaDB',
  java: 'Spring is not installed; the samples in examples/backends are run',
  csharp: 'ASP.NET is not installed',
  python: 'run by the tests of webhooks',
  php: 'run by the tests of webhooks',
  go: 'run by the tests of webhooks',
  nginx: 'the files in deploy/ are checked by nginx itself',
  ini: 'an environment file',
  html: 'WXML, in the form of examples/native, which runs in the simulator',
  vue: 'the form of examples/uni-app, which is built and run',
}

it('no language is forgotten', () => {
  const known = ['ts', 'tsx', 'js', 'json', 'yaml', 'sh', ...Object.keys(elsewhere)]
  const found = new Set(blocks.map(({ language }) => language))
  expect([...found].filter((language) => !known.includes(language))).toEqual([])
})

it('TypeScript compiles with the types of the packages', async () => {
  const folder = newFolder('blocks')
  for (const name of ['router', 'session'])
    writeFileSync(join(folder, `${name}.ts`), `export * from '../../test/blocks/${name}.ts'\n`)
  for (const block of of('ts', 'tsx')) {
    const name = nameOf(block).replaceAll(/[/:]/g, '-')
    const code = block.code.replaceAll("'../../session'", "'./session.ts'")
    writeFileSync(join(folder, `${name}.${block.language}`), `${code}\nexport {}\n`)
  }
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const args = [compiler, '--noEmit', '-p', join(site, 'test/blocks')]
  const { stdout } = await run(process.execPath, args, { cwd: site }).catch((error) => error)
  expect(stdout).toBe('')
}, 180_000)

it.each(of('js').map((block) => [nameOf(block), block] as const))(
  '%s is JavaScript',
  (_, block) => {
    const { diagnostics = [] } = ts.transpileModule(block.code, {
      fileName: 'block.js',
      reportDiagnostics: true,
      compilerOptions: { allowJs: true, target: ts.ScriptTarget.ESNext },
    })
    expect(diagnostics.map(({ messageText }) => messageText)).toEqual([])
  },
)

it('shell scripts have no fault of syntax', async () => {
  const folder = newFolder('scripts')
  for (const block of of('sh'))
    writeFileSync(join(folder, `${nameOf(block).replaceAll(/[/:]/g, '-')}.sh`), block.code)
  const { stderr } = await run('bash', ['-c', 'for file in *.sh; do bash -n "$file"; done'], {
    cwd: folder,
  }).catch((error) => error)
  expect(stderr).toBe('')
})

/** The scripts of the package.json at the root, and of the one in the folder of the page. */
function scriptsFor(file: string): string[] {
  return [...new Set(['package.json', join(dirname(file), 'package.json')])]
    .filter(exists)
    .flatMap((manifest) => Object.keys(JSON.parse(read(manifest)).scripts ?? {}))
}

const isWorkspace = (name: string): boolean =>
  ['apps', 'packages'].some((folder) => existsSync(join(root, folder, name, 'package.json')))

it.each(of('sh').map((block) => [nameOf(block), block] as const))(
  '%s names scripts and workspaces that are there',
  (_, { file, code }) => {
    const scripts = scriptsFor(file)
    const named = [...code.matchAll(/(?:^|[ ;&|(])npm run ([\w:-]+)/gm)].map(
      ([, name = '']) => name,
    )
    expect(named.filter((name) => !scripts.includes(name))).toEqual([])
    const filters = [...code.matchAll(/--filter=@mianmi\/([\w-]+)/g)].map(([, name = '']) => name)
    expect(filters.filter((name) => !isWorkspace(name))).toEqual([])
  },
)

describe.each(of('json').map((block) => [nameOf(block), block] as const))('%s', (_, { code }) => {
  it('is JSON, or JSON lines', () => {
    try {
      JSON.parse(code)
    } catch {
      for (const line of code.trimEnd().split('\n')) JSON.parse(line)
    }
  })
})

it('YAML has no fault of syntax', () => {
  const faults = of('yaml').flatMap((block) =>
    parseAllDocuments(block.code).flatMap(({ errors }) =>
      errors.map(({ message }) => `${nameOf(block)}: ${message}`),
    ),
  )
  expect(faults).toEqual([])
})
