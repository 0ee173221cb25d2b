import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { billOfMaterials, notices, sqliteOf, thirdPartyPackages } from './third-party.mjs'

/**
 * Collects the built service in one folder that needs Node and nothing else: `node deploy/collect.mjs FOLDER`, after
 * `npm run turbo -- build --filter=@mianmi/admin --filter=@mianmi/api`. The packages with native code are those of this
 * machine, so the folder is for the same system and processor. `THIRD-PARTY-LICENSES.txt` and `sbom.cdx.json` say what
 * it has of others.
 *
 * With `--npm` the folder is the package `@mianmi/service` instead, which npm installs on every system: it names the
 * packages with native code as dependencies.
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const api = join(root, 'apps', 'api')

/** What the bundle leaves outside: `external` of apps/api/rolldown.config.ts. */
const external = ['better-sqlite3', '@node-rs/argon2', 'piscina']

/** Sources of C that are needed to compile a package, and binaries of other systems. */
function isNeeded(path) {
  const { platform, arch } = process
  const folder = basename(dirname(path))
  if (folder === 'prebuilds')
    return basename(path).startsWith(platform) && path.includes(`-${arch}`)
  if (folder === 'better-sqlite3') return !['deps', 'src', 'binding.gyp'].includes(basename(path))
  return true
}

/** Copies an installed package and what it depends on; pnpm places the dependencies beside the package. */
function copyPackage(name, from, to) {
  const target = join(to, name)
  if (existsSync(target)) return
  const source = realpathSync(join(from, name))
  cpSync(source, target, { recursive: true, filter: isNeeded })
  const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
  const siblings = name.startsWith('@') ? dirname(dirname(source)) : dirname(source)
  // Of better-sqlite3's, node-addon-api is for compiling alone.
  const required = name === 'better-sqlite3' ? [] : Object.keys(manifest.dependencies ?? {})
  for (const dependency of required) copyPackage(dependency, siblings, to)
  for (const dependency of Object.keys(manifest.optionalDependencies ?? {}))
    if (existsSync(join(siblings, dependency))) copyPackage(dependency, siblings, to)
}

function fail(text) {
  console.error(text)
  process.exit(1)
}

/** Names for `npx`: each starts one file of `dist/`. */
const commands = { mianmi: 'main.js', 'mianmi-admin': 'admin.js', 'mianmi-backup': 'backup.js' }

function writeCommands() {
  mkdirSync(join(target, 'bin'))
  for (const [command, file] of Object.entries(commands)) {
    const script = join(target, 'bin', `${command}.js`)
    writeFileSync(script, `#!/usr/bin/env node\nimport '../dist/${file}'\n`, { mode: 0o755 })
  }
}

/** What npm's registry and its users read. */
function npmFields(manifest) {
  const { homepage, repository, bugs, author } = JSON.parse(
    readFileSync(join(root, 'packages/wechat/package.json'), 'utf8'),
  )
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const installed = (name) =>
    JSON.parse(readFileSync(join(api, 'node_modules', name, 'package.json'), 'utf8')).version
  return {
    ...manifest,
    name: '@mianmi/service',
    private: undefined,
    description: 'Sign-in for WeChat mini programs: the service, its console and its commands',
    homepage: homepage.replace(/\/tree.*/, '#readme'),
    repository: { ...repository, directory: 'apps/api' },
    ...{ bugs, author, engines },
    bin: Object.fromEntries(Object.keys(commands).map((name) => [name, `bin/${name}.js`])),
    // Exact: these are the versions that the tests ran with.
    dependencies: Object.fromEntries(external.map((name) => [name, installed(name)])),
    publishConfig: { access: 'public' },
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { npm: { type: 'boolean', default: false } },
})
const [folder] = positionals
if (folder === undefined) fail('usage: node deploy/collect.mjs FOLDER [--npm]')
const target = resolve(folder)
if (existsSync(target)) fail(`${target} exists already`)
if (!existsSync(join(api, 'dist', 'admin', 'index.html')))
  fail('not built: npm run turbo -- build --filter=@mianmi/admin --filter=@mianmi/api')

mkdirSync(target, { recursive: true })
const isBuilt = (path) => basename(path) !== '.compile-cache'
cpSync(join(api, 'dist'), join(target, 'dist'), { recursive: true, filter: isBuilt })
for (const engine of ['sqlite', 'postgres'])
  cpSync(join(api, 'migrations', engine), join(target, 'migrations', engine), { recursive: true })
cpSync(join(root, 'LICENSE'), join(target, 'LICENSE'))
const { name, version, license, type } = JSON.parse(readFileSync(join(api, 'package.json'), 'utf8'))
const own = { name, version, private: true, license, type }
const manifest = values.npm ? npmFields(own) : own
writeFileSync(join(target, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
if (values.npm) {
  writeCommands()
  for (const file of ['README.md', 'README.zh-CN.md'])
    cpSync(join(root, 'deploy/npm', file), join(target, file))
  cpSync(join(api, 'CHANGELOG.md'), join(target, 'CHANGELOG.md'))
} else
  for (const name of external)
    copyPackage(name, join(api, 'node_modules'), join(target, 'node_modules'))

const packages = thirdPartyPackages(target)
writeFileSync(join(target, 'THIRD-PARTY-LICENSES.txt'), notices(packages))
const bom = billOfMaterials(manifest, values.npm ? packages : [...packages, sqliteOf(target)])
writeFileSync(join(target, 'sbom.cdx.json'), `${JSON.stringify(bom, null, 2)}\n`)
