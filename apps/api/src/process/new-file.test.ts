import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { expect, it, onTestFinished } from 'vitest'
import { requireNewFile } from './new-file.ts'

function makeFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-new-file-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

it('a free name in a folder that can be written is accepted, and nothing is made', () => {
  const folder = makeFolder()
  requireNewFile(join(folder, 'x.db'))
  expect(readdirSync(folder)).toEqual([])
})

it('says in one line with the path why a file cannot be created', () => {
  const folder = makeFolder()
  const path = join(folder, 'x.db')
  writeFileSync(path, '')
  expect(() => requireNewFile(path)).toThrow(`${path} exists already`)
  expect(() => requireNewFile(join(folder, 'no', 'x'))).toThrow(
    `${join(folder, 'no', 'x')} cannot be written: its folder does not exist`,
  )
  expect(() => requireNewFile(join(path, 'x'))).toThrow('a part of its path is a file')
})

// root may write everywhere.
it.skipIf(process.getuid?.() === 0)('names a folder without the right to write', () => {
  const folder = join(makeFolder(), 'closed')
  mkdirSync(folder)
  chmodSync(folder, 0o500)
  expect(() => requireNewFile(join(folder, 'x'))).toThrow('this user may not write to its folder')
})
