import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Writes versions.json: the version of each package that the template names. Others' come from the catalogs of the
 * workspace, so that a new project begins with what our tests ran with; ours are of this commit.
 */
const root = join(import.meta.dirname, '../..')
const text = readFileSync(join(import.meta.dirname, 'template/_package.json'), 'utf8')
const names = [...text.matchAll(/%version:([^%]+)%/g)].map(([, name]) => name)
const workspace = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')

function ownVersion(name) {
  const folder =
    name === '@mianmi/service' ? 'apps/api' : `packages/${name.replace('@mianmi/', '')}`
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')).version
}

function versionOf(name) {
  if (name.startsWith('@mianmi/')) return ownVersion(name)
  const version = workspace.match(new RegExp(`^  "?${name}"?: (\\S+)$`, 'm'))?.[1]
  if (version === undefined) throw new Error(`${name} is not in the catalog`)
  return version.replace(/^[\^~]/, '')
}

const versions = Object.fromEntries(names.map((name) => [name, `^${versionOf(name)}`]))
writeFileSync(join(import.meta.dirname, 'versions.json'), `${JSON.stringify(versions, null, 2)}\n`)
