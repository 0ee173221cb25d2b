import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fromRoot, run } from './examples.ts'

/**
 * The folder that `npm run pack:service` packs, from what this working copy has built.
 */
const parent = mkdtempSync(join(tmpdir(), 'mianmi-packed-'))
const folder = join(parent, 'service')
const read = (file: string) => readFileSync(join(folder, file), 'utf8')

interface Component {
  readonly name: string
  readonly version: string
  readonly purl: string
}

beforeAll(() => {
  const collected = run(process.execPath, fromRoot('deploy/collect.mjs'), folder)
  expect(collected, collected.output).toMatchObject({ code: 0 })
  const documents = run(process.execPath, fromRoot('deploy/documents.mjs'), folder)
  expect(documents, documents.output).toMatchObject({ code: 0 })
}, 60_000)
afterAll(() => rmSync(parent, { recursive: true, force: true }))

it('has a bill of materials that the schema of CycloneDX allows', async () => {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6)
  expect(await validator.validate(read('sbom.cdx.json'))).toBeNull()
})

it('lists what is bundled, what is installed, and SQLite, each with a version', () => {
  const { components } = JSON.parse(read('sbom.cdx.json')) as { components: Component[] }
  const names = components.map(({ name }) => name)
  // Of the service's bundle, of its lazily loaded files, of the console, of the installed packages, inside of one.
  const some = ['fastify', 'jose', 'pg', 'zod', 'react-dom', 'better-sqlite3', 'piscina', 'sqlite']
  expect(names).toEqual(expect.arrayContaining(some))
  expect(names.some((name) => name.startsWith('@node-rs/argon2-'))).toBe(true)
  expect(new Set(components.map(({ purl }) => purl)).size).toBe(components.length)
  expect(components.filter(({ version }) => !/^\d+\.\d+\.\d+/.test(version))).toEqual([])
})

it('lists every package in its node_modules', () => {
  const { components } = JSON.parse(read('sbom.cdx.json')) as { components: Component[] }
  const manifests = readdirSync(join(folder, 'node_modules'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /^(@[^/]+\/)?[^/]+\/package\.json$/.test(path))
    .map((path) => JSON.parse(read(join('node_modules', path))) as Component)
  expect(manifests.length).toBeGreaterThan(3)
  for (const { name, version } of manifests)
    expect(components, name).toContainEqual(expect.objectContaining({ name, version }))
})

it('has the licence of each package that it lists', () => {
  const { components } = JSON.parse(read('sbom.cdx.json')) as { components: Component[] }
  const notices = read('THIRD-PARTY-LICENSES.txt')
  for (const { name, version } of components)
    if (name !== 'sqlite') expect(notices).toContain(`\n${name} ${version} (`)
  expect(notices).toContain('SQLite, in better-sqlite3, is in the public domain.')
  expect(notices).toContain('Permission is hereby granted, free of charge')
  expect(existsSync(join(folder, 'LICENSE'))).toBe(true)
})

it('names no path of the machine that built it', () => {
  const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => !path.startsWith('node_modules') && /\.(m?js|json|txt)$/.test(path))
    .map((path) => [path, read(path)] as const)
  const root = fromRoot('').replace(/\/$/, '')
  expect(texts.filter(([, text]) => text.includes(root)).map(([path]) => path)).toEqual([])
})

it('has pages whose links lead to what is in it, or to the repository', () => {
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => !path.startsWith('node_modules') && path.endsWith('.md'),
  )
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'CHANGELOG.md', 'docs/run.zh-CN.md']))
  const links = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?![a-z]+:)([^)#\s]+)/g)].map(([, to = '']) => ({ page, to })),
  )
  expect(links.length).toBeGreaterThan(100)
  const dead = links.filter(({ page, to }) => !existsSync(join(folder, dirname(page), to)))
  expect(dead).toEqual([])
})

it('has the settings in its README, with commands as they are called in it', () => {
  for (const file of ['README.md', 'README.zh-CN.md']) {
    expect(read(file)).toContain('| `SECRET_KEY` ')
    expect(read(file)).toContain('node dist/admin.js create ACCOUNT')
    expect(read(file)).toContain('node dist/backup.js --to ')
    expect(read(file)).not.toMatch(/npm run|apps\/api/)
  }
  expect(read('docs/webhooks.md')).toContain('node dist/admin.js webhook:create')
})

it('keeps a session through an upgrade, and through the way back', () => {
  const tried = run(process.execPath, fromRoot('deploy/try-upgrade.mjs'), folder, folder)
  expect(tried, tried.output).toMatchObject({ code: 0 })
  expect(tried.output).toContain('ok: the session goes on')
  expect(tried.output).toContain('ok: the old version has the session')
}, 120_000)
