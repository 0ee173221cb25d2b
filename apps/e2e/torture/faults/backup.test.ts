import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { SignedIn } from '@mianmi/contracts'
import { expect, it } from 'vitest'
import { percentile, report, tally } from '../stage/figures.ts'
import { rounds } from '../stage/length.ts'
import { replay } from '../stage/replay.ts'
import { type Stage, setStage } from '../stage/stage.ts'

const program = fileURLToPath(new URL('../../../api/dist/backup.js', import.meta.url))
const run = promisify(execFile)

interface Acknowledged {
  readonly told: SignedIn
  /** When the answer was here, in ms since the epoch. */
  readonly at: number
}

/** How many have signed in when a backup begins. */
const warm = 100

/** People sign in, new ones and known ones, until the load is stopped. */
async function startLoad({ miniLogin }: Stage) {
  const acknowledged: Acknowledged[] = []
  let warmed = () => {}
  const isWarm = new Promise<void>((resolve) => {
    warmed = resolve
  })
  const refusals: string[] = []
  let stopped = false
  const work = async (worker: number) => {
    for (let turn = 0; !stopped; turn++) {
      const { data, reason } = await miniLogin(`${worker}-${turn % 3 === 0 ? 'known' : turn}`)
      if (data?.status === 'signedIn') acknowledged.push({ told: data, at: Date.now() })
      else refusals.push(String(reason))
      if (acknowledged.length === warm) warmed()
    }
  }
  const workers = Promise.all(Array.from({ length: 16 }, (_, worker) => work(worker)))
  const stop = async () => {
    stopped = true
    await workers
  }
  await Promise.race([isWarm, workers])
  return { acknowledged, refusals, stop }
}

/** Runs the command as an operator does. */
async function backUp(from: string, to: string) {
  const startedAt = performance.now()
  const env = { PATH: process.env['PATH'], NODE_ENV: 'production', DATABASE_URL: `file:${from}` }
  const { stdout } = await run(process.execPath, [program, '--to', to], { env })
  const [, time = '', held = ''] = stdout.match(/done by (\S+), (\d+) ms$/m) ?? []
  return {
    at: Date.parse(time),
    held: Number(held),
    ms: performance.now() - startedAt,
    mode: statSync(to).mode & 0o777,
  }
}

it('a backup under load has every sign-in that was acknowledged before it ended', async () => {
  const env = { ACCESS_TOKEN_TTL: '86400' }
  const stage = await setStage({ env })
  const made: Awaited<ReturnType<typeof backUp>>[] = []
  let [checked, lost] = [0, 0]
  const refusals: string[] = []
  for (const _ of rounds({ short: 2, long: 50 })) {
    const folder = mkdtempSync(join(tmpdir(), 'mianmi-restored-'))
    const load = await startLoad(stage)
    const backup = await backUp(stage.file, join(folder, 'mianmi.db'))
    await load.stop()
    const before = load.acknowledged.filter(({ at }) => at < backup.at)
    const restored = await setStage({ folder, env })
    const told = before.map((signIn) => signIn.told)
    lost += (await replay(restored, told)).length
    expect(restored.integrity()).toBe('ok')
    await restored.stop()
    rmSync(folder, { recursive: true })
    checked += before.length
    made.push(backup)
    refusals.push(...load.refusals)
  }
  report('backup under load', {
    backups: made.length,
    'acknowledged before': checked,
    lost,
    refused: JSON.stringify(tally(refusals)),
    'writes held back, max ms': percentile(
      made.map(({ held }) => held),
      1,
    ),
    'command max ms': percentile(
      made.map(({ ms }) => ms),
      1,
    ),
  })
  expect(checked).toBeGreaterThan(warm)
  expect(lost).toBe(0)
  expect(refusals).toEqual([])
  expect([...new Set(made.map(({ mode }) => mode))]).toEqual([0o600])
})
