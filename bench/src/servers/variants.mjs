import { copyFileSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { loadConfig } from 'rolldown/config'

/**
 * Builds the service twice more, as its own build does but for one thing each:
 *
 * - `one-commit-each`: each write has a commit of its own, as it would without `group-commit.ts`. What it
 *   loses against the service is what sharing commits gains.
 * - `readable`: not minified, so that a CPU profile can tell whose code it is.
 */

const bench = fileURLToPath(new URL('../..', import.meta.url))
const api = join(bench, '..', 'apps', 'api')
const out = join(bench, 'dist')
const grouping = join(api, 'src', 'store', 'group-commit.ts')
const alone = '\0one-commit-each'

/** What `createWriter` is called with and answers stays as it is. */
const source = `
import { createWriter as createGrouping } from ${JSON.stringify(grouping)}
export function createWriter(...args) {
  const writer = createGrouping(...args)
  const alone = async (work) => writer.writeNow(work)
  return { ...writer, write: alone, writeLater: alone }
}`

let replaced = 0
const commitEach = {
  name: alone,
  resolveId(id, importer) {
    if (importer === alone || !id.endsWith('/group-commit.ts')) return null
    replaced += 1
    return alone
  },
  load: (id) => (id === alone ? source : null),
}

async function build(name, { plugins = [], ...changes }) {
  // The first is the service.
  const [{ output, plugins: own, ...input }] = await loadConfig(join(api, 'rolldown.config.ts'))
  // It copies what stands beside the bundle, and only there.
  const kept = own.filter(({ name }) => name !== 'console')
  const bundle = await rolldown({ ...input, cwd: api, plugins: [...kept, ...plugins] })
  await bundle.write({ ...output, ...changes, dir: join(out, name) })
  await bundle.close()
}

await build('one-commit-each', { plugins: [commitEach] })
if (replaced === 0) throw new Error('the service imports no group-commit.ts any more')
await build('readable', { minify: false })
// What threads run is looked for beside the bundle.
for (const name of ['one-commit-each', 'readable'])
  for (const file of ['hasher.mjs', 'checkpointer.mjs'])
    copyFileSync(join(api, 'dist', file), join(out, name, file))

/** It looks for these beside the folder it stands in, as the service does. */
mkdirSync(out, { recursive: true })
for (const name of ['migrations', 'node_modules']) {
  const link = join(out, name)
  rmSync(link, { force: true })
  symlinkSync(join(api, name), link, 'junction')
}
