import { copyFileSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { loadConfig } from 'rolldown/config'

/**
 * Builds two variants of the service:
 *
 * - `one-commit-each`: each write has its own commit, as it would without `group-commit.ts`. The difference to the
 *   service is the gain of group commit.
 * - `readable`: not minified, so that a CPU profile shows the source of the code.
 */

const bench = fileURLToPath(new URL('../..', import.meta.url))
const api = join(bench, '..', 'apps', 'api')
const out = join(bench, 'dist')
const groupCommitFile = join(api, 'src', 'store', 'sqlite', 'group-commit.ts')
const moduleId = '\0one-commit-each'

/** Arguments and result of `createGroupCommit` are unchanged. */
const source = `
import { createGroupCommit as createOriginal } from ${JSON.stringify(groupCommitFile)}
export function createGroupCommit(...args) {
  const original = createOriginal(...args)
  const write = async (work) => original.writeNow(work)
  return { ...original, write, writeLater: write }
}`

let replaced = 0
const commitEach = {
  name: moduleId,
  resolveId(id, importer) {
    if (importer === moduleId || !id.endsWith('/group-commit.ts')) return null
    replaced += 1
    return moduleId
  },
  load: (id) => (id === moduleId ? source : null),
}

async function build(name, { plugins = [], ...changes }) {
  // The first entry is the service.
  const [{ output, plugins: own, ...input }] = await loadConfig(join(api, 'rolldown.config.ts'))
  // This plugin copies the console beside the bundle, which the variants do not need.
  const kept = own.filter(({ name }) => name !== 'console')
  const bundle = await rolldown({ ...input, cwd: api, plugins: [...kept, ...plugins] })
  await bundle.write({ ...output, ...changes, dir: join(out, name) })
  await bundle.close()
}

await build('one-commit-each', { plugins: [commitEach] })
if (replaced === 0) throw new Error('the service no longer imports group-commit.ts')
await build('readable', { minify: false })
// Worker files are loaded from the folder of the bundle.
for (const name of ['one-commit-each', 'readable'])
  for (const file of ['hasher.mjs', 'checkpointer.mjs'])
    copyFileSync(join(api, 'dist', file), join(out, name, file))

/** The bundle loads these from its parent folder, as the service does. */
mkdirSync(out, { recursive: true })
for (const name of ['migrations', 'node_modules']) {
  const link = join(out, name)
  rmSync(link, { force: true })
  symlinkSync(join(api, name), link, 'junction')
}
