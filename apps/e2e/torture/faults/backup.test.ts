import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { SignedIn } from '@mianmi/contracts'
import { expect, it } from 'vitest'
import { isOnPostgres } from '../../test/under-test/database.ts'
import { percentile, report, tally } from '../harness/figures.ts'
import { type Harness, startHarness } from '../harness/harness.ts'
import { findLostSignIns } from '../harness/lost-sign-ins.ts'
import { rounds } from '../harness/run-length.ts'

const program = fileURLToPath(new URL('../../../api/dist/backup.js', import.meta.url))
const run = promisify(execFile)

interface AcknowledgedSignIn {
  readonly signedIn: SignedIn
  /** When the reply arrived, in ms since the epoch. */
  readonly repliedAt: number
}

/** The number of sign-ins before a backup starts. */
const signInsBeforeBackup = 100

/** Signs in new and existing users until the load is stopped. */
async function startLoad({ miniLogin }: Harness) {
  const acknowledged: AcknowledgedSignIn[] = []
  const { promise: isReady, resolve: setReady } = Promise.withResolvers<void>()
  const refusals: string[] = []
  let stopped = false
  const work = async (worker: number) => {
    for (let turn = 0; !stopped; turn++) {
      // A hundred sign-ins of one person at most: beyond that the oldest session ends.
      const known = `known-${Math.floor(turn / 150)}`
      const { data, reason } = await miniLogin(`${worker}-${turn % 3 === 0 ? known : turn}`)
      if (data?.status === 'signedIn') acknowledged.push({ signedIn: data, repliedAt: Date.now() })
      else refusals.push(String(reason))
      if (acknowledged.length === signInsBeforeBackup) setReady()
    }
  }
  const workers = Promise.all(Array.from({ length: 16 }, (_, worker) => work(worker)))
  const stop = async () => {
    stopped = true
    await workers
  }
  await Promise.race([isReady, workers])
  return { acknowledged, refusals, stop }
}

/** Runs the built backup command. */
async function backUp(from: string, to: string) {
  const startedAt = performance.now()
  const env = { PATH: process.env['PATH'], NODE_ENV: 'production', DATABASE_URL: `file:${from}` }
  const { stdout } = await run(process.execPath, [program, '--to', to], { env })
  const [, endedAt = '', writesHeldMs = ''] =
    stdout.match(/everything up to (\S+), (\d+) ms$/m) ?? []
  return {
    endedAt: Date.parse(endedAt),
    writesHeldMs: Number(writesHeldMs),
    ms: performance.now() - startedAt,
    mode: statSync(to).mode & 0o777,
  }
}

// The command refuses PostgreSQL, which has its own.
it.skipIf(isOnPostgres)(
  'a backup under load contains every sign-in that was acknowledged before the backup ended',
  async () => {
    const env = { ACCESS_TOKEN_TTL: '86400' }
    const harness = await startHarness({ env })
    const backups: Awaited<ReturnType<typeof backUp>>[] = []
    let [checked, lost] = [0, 0]
    const refusals: string[] = []
    for (const _ of rounds({ short: 2, long: 50 })) {
      const folder = mkdtempSync(join(tmpdir(), 'mianmi-restored-'))
      const load = await startLoad(harness)
      const backup = await backUp(harness.file, join(folder, 'mianmi.db'))
      await load.stop()
      const before = load.acknowledged.filter(({ repliedAt }) => repliedAt < backup.endedAt)
      const restored = await startHarness({ folder, env })
      const expected = before.map(({ signedIn }) => signedIn)
      lost += (await findLostSignIns(restored, expected)).length
      expect(restored.integrity()).toBe('ok')
      await restored.stop()
      rmSync(folder, { recursive: true })
      checked += before.length
      backups.push(backup)
      refusals.push(...load.refusals)
    }
    report('backup under load', {
      backups: backups.length,
      'acknowledged before': checked,
      lost,
      refused: JSON.stringify(tally(refusals)),
      'writes delayed, max ms': percentile(
        backups.map(({ writesHeldMs }) => writesHeldMs),
        1,
      ),
      'command max ms': percentile(
        backups.map(({ ms }) => ms),
        1,
      ),
    })
    expect(checked).toBeGreaterThan(signInsBeforeBackup)
    expect(lost).toBe(0)
    expect(refusals).toEqual([])
    expect([...new Set(backups.map(({ mode }) => mode))]).toEqual([0o600])
  },
)
