import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { prepareBetterAuth } from './data/better-auth.mjs'
import { prepareData } from './data/people.mjs'
import { readOptions } from './options.mjs'
import { describe } from './report/describe.mjs'
import { writeReport } from './report/write.mjs'
import { timeDisk } from './sections/disk.mjs'
import { compareFreshProcesses } from './sections/fresh.mjs'
import { measureDuringPasswordChecks } from './sections/passwords.mjs'
import { comparePeers } from './sections/peers.mjs'
import { comparePostgres } from './sections/postgres.mjs'
import { checkPostgresNodes } from './sections/postgres-nodes.mjs'
import { comparePostgresSizes } from './sections/postgres-sizes.mjs'
import { profileMe } from './sections/profile.mjs'
import {
  compareBatchSizes,
  compareConnectionCounts,
  compareDatabaseSizes,
} from './sections/scaling.mjs'
import { compareStarts } from './sections/start.mjs'
import { createServers, startFixture } from './servers/servers.mjs'

const measurements = {
  peers: comparePeers,
  connections: compareConnectionCounts,
  batches: compareBatchSizes,
  sizes: compareDatabaseSizes,
  passwords: measureDuringPasswordChecks,
  postgres: comparePostgres,
  postgresSizes: comparePostgresSizes,
  postgresNodes: checkPostgresNodes,
  start: compareStarts,
  fresh: compareFreshProcesses,
  profile: profileMe,
}

const bench = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = join(bench, '.data')
const options = readOptions()
const startedAt = performance.now()
const log = (line) =>
  console.error(`${Math.round((performance.now() - startedAt) / 1000)} s  ${line}`)

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder)
const wechat = await startFixture('wechat', { settings: {}, core: null })
try {
  const diskTimesBefore = timeDisk(folder)
  const results = await measureAll(wechat.port)
  const disk = [...diskTimesBefore, ...timeDisk(folder)]
  const minutes = (performance.now() - startedAt) / 60_000
  const report = describe(results, { options, disk, minutes })
  console.log(report.markdown)
  if (options.write) writeReport(report)
} finally {
  await wechat.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function measureAll(wechatPort) {
  const secret = randomBytes(32).toString('base64')
  const core = options.pinned ? 0 : null
  const servers = createServers({ folder, core, secret, wechatPort })
  const data = await prepareData({ folder, servers })
  const people = data.people.length
  const betterAuth = await prepareBetterAuth({ folder, secret, people })
  const environment = { servers, data: { ...data, betterAuth }, options, folder, log }
  const results = {}
  for (const name of options.only) {
    log(name)
    results[name] = await measurements[name](environment)
  }
  return results
}
