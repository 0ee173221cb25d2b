import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/**
 * What the collected service has of others: code in its bundles, as the builds list it, and packages in node_modules.
 * A package is `{ name, version, identifier, text }`, where `identifier` is the SPDX expression of its licence.
 */
const lists = ['dist/bundled-packages.json', 'dist/admin/.vite/bundled-packages.json']

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'))

function packageFolders(modules) {
  return readdirSync(modules).flatMap((name) =>
    name.startsWith('@')
      ? readdirSync(join(modules, name)).map((scoped) => join(modules, name, scoped))
      : join(modules, name),
  )
}

function readPackage(folder) {
  const { name, version, license } = readJson(join(folder, 'package.json'))
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : ''
  return { name, version, identifier: license, text }
}

/** Every package once, by name and version. */
export function thirdPartyPackages(folder) {
  const bundled = lists.flatMap((list) => readJson(join(folder, list)))
  const modules = join(folder, 'node_modules')
  const installed = existsSync(modules) ? packageFolders(modules).map(readPackage) : []
  const byKey = new Map()
  for (const each of [...bundled, ...installed]) byKey.set(`${each.name}@${each.version}`, each)
  return [...byKey.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The licences as one text, as most of them demand of each copy; a text that several packages have stands once. */
export function notices(packages) {
  const namesOf = new Map()
  for (const { name, version, identifier, text } of packages) {
    const key = text || `${identifier}. No licence text is in the package.`
    namesOf.set(key, [...(namesOf.get(key) ?? []), `${name} ${version} (${identifier})`])
  }
  const parts = [...namesOf].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`)
  const title =
    'The service has parts of these packages. SQLite, in better-sqlite3, is in the public domain.'
  return `${title}\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`
}

/** The library that better-sqlite3 is made of: advisories name it and not the package. */
export function sqliteOf(folder) {
  const Database = createRequire(join(folder, 'package.json'))('better-sqlite3')
  const database = new Database(':memory:')
  const version = database.prepare('select sqlite_version()').pluck().get()
  database.close()
  return { name: 'sqlite', version, identifier: 'blessing', text: '', type: 'generic' }
}

/** A package URL: github.com/package-url/purl-spec. */
const purlOf = ({ name, version, type = 'npm' }) =>
  `pkg:${type}/${name.replace('@', '%40')}@${version}`

/** `MIT` is an id of SPDX; `(MIT OR Apache-2.0)` an expression. CycloneDX tells them apart. */
const licenceOf = (identifier) =>
  /^[\w.+-]+$/.test(identifier) ? { license: { id: identifier } } : { expression: identifier }

/** A UUID of the content, so that two builds of one source have the same. */
function serialNumber(purls) {
  const hex = createHash('sha256').update(purls.join('\n')).digest('hex')
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ]
  return `urn:uuid:${[...parts, hex.slice(20, 32)].join('-')}`
}

/**
 * The software bill of materials in CycloneDX 1.6 (cyclonedx.org/docs/1.6/json): the npm packages and SQLite. Node is
 * no part of the folder, and the Rust crates inside `@node-rs/argon2` are not listed by that package.
 */
export function billOfMaterials({ name, version, license }, packages) {
  const own = { type: 'application', name, version, licenses: [licenceOf(license)] }
  const purl = purlOf({ name, version })
  const components = packages.map((each) => ({
    type: 'library',
    'bom-ref': purlOf(each),
    name: each.name,
    version: each.version,
    purl: purlOf(each),
    licenses: [licenceOf(each.identifier)],
  }))
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: serialNumber([purl, ...components.map((each) => each.purl)]),
    version: 1,
    metadata: { component: { ...own, 'bom-ref': purl, purl } },
    components,
    dependencies: [{ ref: purl, dependsOn: components.map((each) => each.purl) }],
  }
}
