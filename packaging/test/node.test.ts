import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, inject, it } from 'vitest'
import { entryPoints } from './published.ts'

const project = inject('project')
const require = createRequire(join(project, 'package.json'))

const names = ['wechat', 'trpc-fastify', 'wx-link', 'wx-session', 'wechat-sandbox', 'simulator']
const entries = names.flatMap((name) => entryPoints(project, `@mianmi/${name}`))

describe('Node', () => {
  it.each(entries)('$id has the same exports by import and by require', async ({ id, file }) => {
    const byImport = Object.keys(await import(pathToFileURL(file).href)).sort()
    expect(byImport.length).toBeGreaterThan(0)
    expect(Object.keys(require(id)).sort()).toEqual(byImport)
  })

  it.each(names)('%s shows its package.json', (name) => {
    expect(require(`@mianmi/${name}/package.json`).name).toBe(`@mianmi/${name}`)
  })

  it('calls the sandbox with the client, both by require', async () => {
    const { createSandbox } = require('@mianmi/wechat-sandbox')
    const { createHeadlessScreen, createWx } = require('@mianmi/wechat-sandbox/wx')
    const { createWechat } = require('@mianmi/wechat')
    const { app } = createSandbox()
    const sandboxUrl = await app.listen({ port: 0 })
    const appId = 'wx6d69616e6d690001'
    const screen = createHeadlessScreen()
    const wx = createWx({ appId, user: () => '小明', sandboxUrl, screen })
    const { code } = await new Promise<{ code: string }>((success, fail) =>
      wx.login({ success, fail }),
    )
    const wechat = createWechat({ apps: { [appId]: 'app secret' }, baseUrl: sandboxUrl })
    expect(await wechat.code2Session(appId, code)).toMatchObject({ openid: expect.any(String) })
    await wechat.close()
    await app.close()
  })

  it('compiles a mini program the same by import and by require', async () => {
    const folder = join(project, 'mini-program')
    mkdirSync(folder)
    const files = { 'app.json': '{"pages":["home"]}', 'app.js': 'App({})', 'home.json': '{}' }
    const page = {
      'home.js': 'Page({})',
      'home.wxml': '<view />',
      'home.wxss': 'view>.a{top:1rpx}',
    }
    for (const [name, text] of Object.entries({ ...files, ...page }))
      writeFileSync(join(folder, name), text)
    const { file } = entries.find(({ id }) => id.endsWith('simulator/compile')) ?? { file: '' }
    const compiled = await (await import(pathToFileURL(file).href)).compileMiniProgram(folder)
    expect(compiled.pages).toEqual(['home'])
    expect(await require('@mianmi/simulator/compile').compileMiniProgram(folder)).toEqual(compiled)
  })

  it('runs the command of the sandbox', async () => {
    const args = ['--no', '--', '@mianmi/wechat-sandbox', '--version']
    const shell = process.platform === 'win32'
    const { npm_config_package: _, ...env } = process.env
    const { stdout } = await promisify(execFile)('npx', args, { cwd: project, env, shell })
    expect(stdout.trim()).toBe(require('@mianmi/wechat-sandbox/package.json').version)
  })
})
