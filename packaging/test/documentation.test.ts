import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const folder = fileURLToPath(new URL('..', import.meta.url))
const names = ['wechat', 'trpc-fastify', 'wx-link', 'wx-session', 'wechat-sandbox', 'simulator']

/** The declarations of each published entry point, as `package` has written them. */
function declarations(name: string): string[] {
  const path = `../packages/${name}`
  const manifest = JSON.parse(readFileSync(`${folder}/${path}/package.json`, 'utf8'))
  return Object.values<{ import?: { types: string } }>(manifest.publishConfig.exports).flatMap(
    (target) => (target.import ? `${path}/${target.import.types.slice('./'.length)}` : []),
  )
}

it('TypeDoc finds documentation for every export, and no link that leads nowhere', async () => {
  const options = {
    entryPoints: names.flatMap(declarations),
    packagesRequiringDocumentation: names.map((name) => `@mianmi/${name}`),
  }
  const args = Object.entries(options).flatMap(([option, values]) =>
    values.flatMap((value) => [`--${option}`, value]),
  )
  const typedoc = ['node_modules/typedoc/bin/typedoc', '--options', 'typedoc.jsonc', ...args]
  const run = promisify(execFile)(process.execPath, typedoc, { cwd: folder })
  const { stdout, stderr } = await run.catch((error) => error)
  expect(`${stdout}${stderr}`).toBe('')
})
