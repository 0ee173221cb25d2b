import { copyFileSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { loadConfig } from 'rolldown/config'

/**
 * Builds variants of the service:
 *
 * - `one-commit-each`: each write has its own commit, as it would without `group-commit.ts`. The difference to the
 *   service is the gain of group commit.
 * - `one-statement-each`: on PostgreSQL, each call has a statement of its own, as it would without `groups.ts`.
 * - `readable`: not minified, so that a CPU profile shows the source of the code.
 */

const bench = fileURLToPath(new URL('../..', import.meta.url))
const api = join(bench, '..', 'apps', 'api')
const out = join(bench, 'dist')
const groupCommitFile = join(api, 'src', 'store', 'sqlite', 'group-commit.ts')
const groupsFile = join(api, 'src', 'store', 'postgres', 'connection', 'groups.ts')

/** Builds with another source for one module, whose exports take the same arguments and return the same. */
function replaceModule(name, file, source) {
  const moduleId = `\0${name}`
  let replaced = 0
  return {
    name,
    resolveId(id, importer) {
      if (importer === moduleId || !id.endsWith(`/${basename(file)}`)) return null
      replaced += 1
      return moduleId
    },
    load: (id) => (id === moduleId ? source : null),
    buildEnd() {
      if (replaced === 0) throw new Error(`the service no longer imports ${file}`)
    },
  }
}

const commitEach = replaceModule(
  'one-commit-each',
  groupCommitFile,
  `
import { createGroupCommit as createOriginal } from ${JSON.stringify(groupCommitFile)}
export function createGroupCommit(...args) {
  const original = createOriginal(...args)
  const write = async (work) => original.writeNow(work)
  return { ...original, write, writeLater: write }
}`,
)
const statementEach = replaceModule(
  'one-statement-each',
  groupsFile,
  `
export const createGroups = ({ attempts }, { run }) => async (call) =>
  (await attempts.rerun(() => run([call])))[0]`,
)

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
await build('one-statement-each', { plugins: [statementEach] })
await build('readable', { minify: false })
// Worker files are loaded from the folder of the bundle.
for (const name of ['one-commit-each', 'one-statement-each', 'readable'])
  for (const file of ['hasher.mjs', 'checkpointer.mjs'])
    copyFileSync(join(api, 'dist', file), join(out, name, file))

/** The bundle loads these from its parent folder, as the service does. */
mkdirSync(out, { recursive: true })
for (const name of ['migrations', 'node_modules']) {
  const link = join(out, name)
  rmSync(link, { force: true })
  symlinkSync(join(api, name), link, 'junction')
}
