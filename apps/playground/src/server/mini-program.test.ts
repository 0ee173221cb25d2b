import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createMiniProgramCompiler } from './mini-program.ts'

async function writeMiniProgram() {
  const folder = await mkdtemp(join(tmpdir(), 'playground-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'page'))
  const write = (path: string, text: string) => writeFile(join(folder, path), text)
  await write('app.json', '{"pages":["page/index"]}')
  await write('page/index.js', 'Page({})')
  await write('page/index.wxml', '<view>one</view>')
  return { folder, write }
}

test('an unchanged mini program is compiled once', async () => {
  const { folder } = await writeMiniProgram()
  const compile = createMiniProgramCompiler(folder)
  const first = await compile()
  expect(first).toMatchObject({ ok: true })
  expect(await compile()).toBe(first)
})

test.each(['size', 'modification time', 'name'])(
  'a file with another %s is compiled again',
  async (change) => {
    const { folder, write } = await writeMiniProgram()
    const compile = createMiniProgramCompiler(folder)
    const before = await compile()
    if (change === 'size') await write('page/index.wxml', '<view>three</view>')
    if (change === 'modification time') await utimes(join(folder, 'page/index.wxml'), 1, 1)
    if (change === 'name') await write('page/more.wxml', '<view>more</view>')
    expect(await compile()).not.toBe(before)
  },
)

test('a folder that does not exist is an error with a message', async () => {
  const compile = createMiniProgramCompiler(join(tmpdir(), 'playground-does-not-exist'))
  expect(await compile()).toMatchObject({ ok: false, message: expect.stringContaining('app.json') })
})
