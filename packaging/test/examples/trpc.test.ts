// @vitest-environment jsdom
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import {
  buildNpm,
  copyExample,
  type Example,
  repository,
  run,
  startExample,
  testExample,
} from './example.ts'

/** examples/trpc, as its README says: from the tarballs, by 构建 npm. */

let report: unknown
let example: Example

/** What the TypeScript plugin of WeChat DevTools does. */
function stripTypes(root: string): void {
  for (const file of globSync('**/*.ts', { cwd: root, exclude: ['**/node_modules/**'] })) {
    const code = stripTypeScriptTypes(readFileSync(join(root, file), 'utf8'))
    writeFileSync(join(root, file.replace(/\.ts$/, '.js')), code)
    rmSync(join(root, file))
  }
}

beforeAll(async () => {
  // Where the packages of the server are installed.
  const folder = copyExample('trpc', inject('project'))
  const build = async (host: string) => {
    const root = join(folder, 'miniprogram')
    report = await buildNpm(folder, ['wx-session', 'wx-link'])
    const compiler = join(repository, 'packaging/node_modules/typescript/bin/tsc')
    await run(process.execPath, [compiler, '-p', folder], folder)
    writeFileSync(join(root, 'config.ts'), `export const host = '${host}'`)
    stripTypes(root)
    return root
  }
  example = await startExample({ folder, server: join(folder, 'server/index.ts'), build })
})

afterAll(() => example?.stop())

it('构建 npm packs wx-link and wx-session, and warns of nothing', () => {
  expect(report).toEqual({ miniProgramPackNum: 2, otherNpmPackNum: 0, warnList: [] })
})

testExample(() => example)

it('the backend refuses what it must', async () => {
  const { host } = example
  const headers = { 'content-type': 'application/json' }
  const post = (path: string, body: string) =>
    fetch(`${host}/trpc/${path}`, { method: 'POST', headers, body })
  const dataOf = async (reply: Response) => (await reply.json()).error.data
  expect((await fetch(`${host}/trpc/orders`)).status).toBe(401)
  expect((await post('signOut', '{}')).status).toBe(401)
  expect((await post('signIn', '{}')).status).toBe(400)
  expect(await dataOf(await post('signIn', '{"code":"made-up"}'))).toMatchObject({
    reason: 'code_rejected',
  })
})
