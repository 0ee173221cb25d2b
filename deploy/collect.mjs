import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { billOfMaterials, notices, sqliteOf, thirdPartyPackages } from './third-party.mjs'

/**
 * Collects the built service in one folder that needs Node and nothing else: `node deploy/collect.mjs FOLDER`, after
 * `npm run turbo -- build --filter=@mianmi/admin --filter=@mianmi/api`. The packages with native code are those of this
 * machine, so the folder is for the same system and processor. `THIRD-PARTY-LICENSES.txt` and `sbom.cdx.json` say what
 * it has of others.
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

const [folder] = process.argv.slice(2)
if (folder === undefined) fail('usage: node deploy/collect.mjs FOLDER')
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
const manifest = { name, version, private: true, license, type }
writeFileSync(join(target, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
for (const name of external)
  copyPackage(name, join(api, 'node_modules'), join(target, 'node_modules'))

const packages = thirdPartyPackages(target)
writeFileSync(join(target, 'THIRD-PARTY-LICENSES.txt'), notices(packages))
const bom = billOfMaterials(manifest, [...packages, sqliteOf(target)])
writeFileSync(join(target, 'sbom.cdx.json'), `${JSON.stringify(bom, null, 2)}\n`)
