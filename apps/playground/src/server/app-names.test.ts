import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readAppNames } from './app-names.ts'

test('the names come from the file beside the built mini program; without a good one there are none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'playground-names-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const dist = join(folder, 'dist')
  mkdirSync(dist)
  expect(await readAppNames(dist)).toEqual({})
  const file = join(folder, 'app-names.json')
  writeFileSync(file, '{"wx1": "免密", "wx2": 3}')
  expect(await readAppNames(dist)).toEqual({ wx1: '免密' })
  writeFileSync(file, '{')
  expect(await readAppNames(dist)).toEqual({})
})
