// @vitest-environment jsdom
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildNpm, copyExample, type Example, startExample, testExample } from './example.ts'

/** examples/native, as its README says: from the tarball, by 构建 npm. */

let report: unknown
let example: Example

beforeAll(async () => {
  const folder = copyExample('native')
  const build = async (host: string) => {
    report = await buildNpm(folder, ['wx-session'])
    const root = join(folder, 'miniprogram')
    writeFileSync(join(root, 'config.js'), `module.exports = { host: '${host}' }`)
    return root
  }
  example = await startExample({ folder, server: join(folder, 'server/index.mjs'), build })
})

afterAll(() => example?.stop())

it('构建 npm packs wx-session, and warns of nothing', () => {
  expect(report).toEqual({ miniProgramPackNum: 1, otherNpmPackNum: 0, warnList: [] })
})

testExample(() => example)

it('the backend refuses what it must', async () => {
  const { host } = example
  const login = (body: string) => fetch(`${host}/login`, { method: 'POST', body })
  const statusOf = async (reply: Promise<Response>) => (await reply).status
  expect(await statusOf(fetch(`${host}/orders`))).toBe(401)
  expect(await statusOf(fetch(`${host}/orders`, { headers: { authorization: 'Bearer x' } }))).toBe(
    401,
  )
  expect(await statusOf(login('{'))).toBe(400)
  expect(await statusOf(login('null'))).toBe(400)
  const refused = await login('{ "code": "made-up" }')
  expect([refused.status, await refused.json()]).toEqual([400, { reason: 'code_rejected' }])
})
