import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { root } from '../../src/tree.ts'
import { blocksOf } from './blocks.ts'

/** docs/add-a-procedure.md: its patches fit the code as it is today. */

const run = promisify(execFile)
const packages = ['packages/core', 'packages/contracts', 'apps/api']
const patchesOf = (page: string): string[] =>
  blocksOf(page).flatMap(({ language, code }) => (language === 'diff' ? [code] : []))

/** A copy of the packages that the patches change. Their own dependencies are those of this repository. */
function copyPackages(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-patches-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const name of ['package.json', 'tsconfig.base.json'])
    cpSync(join(root, name), join(folder, name))
  for (const name of packages) {
    const isSource = (path: string) =>
      !/\/(?:node_modules|dist|\.reports|migrations)$/.test(path.slice(root.length))
    cpSync(join(root, name), join(folder, name), { recursive: true, filter: isSource })
    linkModules(join(root, name, 'node_modules'), join(folder, name, 'node_modules'))
  }
  for (const name of ['packages/contracts', 'apps/api'])
    for (const own of ['core', 'contracts']) replaceLink(folder, name, own)
  return folder
}

function linkModules(from: string, to: string): void {
  for (const name of readdirSync(from)) {
    if (name.startsWith('.')) continue
    mkdirSync(to, { recursive: true })
    if (name.startsWith('@')) linkModules(join(from, name), join(to, name))
    else symlinkSync(join(from, name), join(to, name))
  }
}

function replaceLink(folder: string, name: string, own: string): void {
  const link = join(folder, name, 'node_modules/@mianmi', own)
  if (!existsSync(link)) return
  rmSync(link)
  symlinkSync(join(folder, 'packages', own), link)
}

async function compile(cwd: string): Promise<string> {
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const args = [compiler, '--noEmit']
  const { stdout } = await run(process.execPath, args, { cwd }).catch((error) => error)
  return stdout
}

it('both languages have the same patches', () => {
  expect(patchesOf('docs/add-a-procedure.zh-CN.md')).toEqual(patchesOf('docs/add-a-procedure.md'))
})

it('the patches apply, one on top of the other, and compile', async () => {
  const folder = copyPackages()
  const patches = patchesOf('docs/add-a-procedure.md')
  expect(patches).toHaveLength(2)
  for (const code of patches) {
    const patch = join(folder, 'patch.diff')
    writeFileSync(patch, code)
    await run('git', ['apply', patch], {
      cwd: folder,
      env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() },
    })
  }
  for (const name of packages) expect(await compile(join(folder, name)), name).toBe('')
}, 180_000)
