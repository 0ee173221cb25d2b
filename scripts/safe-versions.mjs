import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import process from 'node:process'
import { root } from './workspace.mjs'

/**
 * What the service is made of, and the version below which each part is known to be unsafe. A lock file that
 * has an older one anywhere, brought by others too, fails the check. Another lock file may be named.
 */
const lowest = {
  fastify: [
    '5.12.6',
    'bodies unchecked behind an odd content type, GHSA-247c-9743-5963, and later',
  ],
  'find-my-way': ['9.0.1', 'an expression that takes for ever, GHSA-rrr8-f88r-h8q6'],
  '@trpc/server': ['11.8.0', 'prototype pollution by form fields, GHSA-43p4-m455-4f4j'],
  'drizzle-orm': ['0.45.2', 'identifiers that break out of their quotes, GHSA-gpj5-g38j-94v9'],
  undici: [
    '7.29.0',
    'certificates unchecked, one caller answered with another’s reply, CVE-2026-9697, CVE-2026-14643',
  ],
  jose: ['4.15.5', 'a small JWE that unpacks without end, GHSA-hhhv-q57g-882q'],
}

/** better-sqlite3 brings its own: below, two connections may lose a checkpoint (sqlite.org/wal.html, WAL-reset bug). */
const lowestSqlite = '3.51.3'

function isBelow(version, floor) {
  const [have, need] = [version, floor].map((text) => text.split('-')[0].split('.').map(Number))
  const at = need.findIndex((number, index) => number !== have[index])
  return at >= 0 && have[at] < need[at]
}

const lock = readFileSync(process.argv[2] ?? join(root, 'pnpm-lock.yaml'), 'utf8')
const used = [...lock.matchAll(/^ {2}'?(@?[^@'\s]+)@(\d[^':(]*)'?:/gm)]
const faults = Object.entries(lowest).flatMap(([name, [floor, reason]]) => {
  const versions = new Set(used.filter((found) => found[1] === name).map((found) => found[2]))
  if (versions.size === 0) return [`${name} is not used any more: take it off the list`]
  return [...versions]
    .filter((version) => isBelow(version, floor))
    .map((version) => `${name} ${version} is below ${floor}: ${reason}`)
})

const Sqlite = createRequire(join(root, 'apps/api/package.json'))('better-sqlite3')
const sqlite = new Sqlite(':memory:').prepare('select sqlite_version()').pluck().get()
if (isBelow(sqlite, lowestSqlite)) faults.push(`SQLite ${sqlite} is below ${lowestSqlite}`)

for (const fault of faults) console.error(fault)
if (faults.length > 0) process.exit(1)
console.log(`${Object.keys(lowest).length} parts and SQLite ${sqlite} are at safe versions`)
