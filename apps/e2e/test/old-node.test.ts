import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

/** What an old Node lacks, and its name. */
const pretend = (version: string): string =>
  `data:text/javascript,import module from 'node:module';
  Object.defineProperty(process.versions, 'node', { value: '${version}' });
  delete process.getBuiltinModule; delete module.enableCompileCache; module.syncBuiltinESMExports()`

const run = (program: string, version: string) => {
  const file = fileURLToPath(new URL(`../../api/dist/${program}`, import.meta.url))
  return spawnSync(process.execPath, ['--import', pretend(version), file], { encoding: 'utf8' })
}

it.each(['main.js', 'admin.js', 'backup.js'])('%s refuses an old Node in one line', (program) => {
  for (const version of ['22.14.0', '22.9.9', '20.20.2', '18.0.0', '9.99.0']) {
    const { status, stdout, stderr } = run(program, version)
    expect(stderr).toBe(`mianmi: Node >=22.15 is needed, and this is ${version}\n`)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  }
})

it.each(['22.15.0', '22.16.3', '23.0.0', '24.21.0', '100.0.0'])(
  'Node %s is new enough',
  (version) => {
    expect(run('admin.js', version).stderr).not.toContain('is needed')
  },
)
