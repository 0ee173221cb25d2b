import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { isOnPostgres } from '../../test/under-test/database.ts'
import { report, tally } from '../harness/figures.ts'
import { type Harness, startHarness } from '../harness/harness.ts'
import { rounds } from '../harness/run-length.ts'

/** Mounts a RAM disk of 4 MB. */
function mountSmallDisk(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder], { stdio: 'pipe' })
  } catch (error) {
    rmdirSync(folder)
    throw error
  }
  return folder
}

function unmount(folder: string): void {
  execFileSync('umount', ['--lazy', folder])
  rmdirSync(folder)
}

/** The reason why mounting fails on this machine; empty when it works. */
function mountFailure(): string {
  try {
    unmount(mountSmallDisk())
    return ''
  } catch (error) {
    const { stderr } = error as { stderr?: Buffer }
    return ` (skipped: mounting is not permitted: ${String(stderr ?? error).trim()})`
  }
}

const skipReason = mountFailure()

/** Uses up all free space of the disk. The returned function frees it. */
function fillDisk(folder: string): () => void {
  const file = join(folder, 'ballast')
  const block = Buffer.alloc(4_096)
  try {
    for (;;) writeFileSync(file, block, { flag: 'a' })
  } catch {
    return () => rmSync(file)
  }
}

async function signInUntilRefused({ miniLogin }: Harness, round: number): Promise<string[]> {
  const reasons: string[] = []
  for (let turn = 0; turn < 500 && reasons.length < 20; turn++) {
    const people = Array.from({ length: 16 }, (_, i) => miniLogin(`person-${round}-${turn}-${i}`))
    for (const { reason } of await Promise.all(people)) if (reason !== null) reasons.push(reason)
  }
  return reasons
}

// The disk of PostgreSQL is not that of a node.
it.skipIf(skipReason !== '' || isOnPostgres)(
  `while the disk is full only writes are refused${skipReason}`,
  async () => {
    const folder = mountSmallDisk()
    onTestFinished(() => unmount(folder))
    const harness = await startHarness({ folder })
    const { tokens, user } = await harness.signIn('ming')
    const reasons: string[] = []
    let timesFull = 0
    for (const round of rounds({ short: 3, long: 50 })) {
      const freeDisk = fillDisk(folder)
      reasons.push(...(await signInUntilRefused(harness, round)))
      const me = await harness.client.call('me', { token: tokens.accessToken })
      expect(me.reason).toBeNull()
      freeDisk()
      expect((await harness.signIn('ming')).user.id).toBe(user.id)
      timesFull += 1
    }
    report('disk full', { times: timesFull, refusals: JSON.stringify(tally(reasons)) })
    expect(new Set(reasons)).toEqual(new Set(['overloaded']))
    expect(harness.integrity()).toBe('ok')
  },
)
