import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { report, tally } from '../stage/figures.ts'
import { rounds } from '../stage/length.ts'
import { type Stage, setStage } from '../stage/stage.ts'

/** A disk of 4 MB in memory. */
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

/** Why nothing can be mounted here, or nothing. */
function refusal(): string {
  try {
    unmount(mountSmallDisk())
    return ''
  } catch (error) {
    const { stderr } = error as { stderr?: Buffer }
    return ` (not run, mounting is not permitted here: ${String(stderr ?? error).trim()})`
  }
}

const why = refusal()

/** Takes all that is left of the disk; the function gives it back. */
function fill(folder: string): () => void {
  const file = join(folder, 'ballast')
  const [write, block] = [{ flag: 'a' }, Buffer.alloc(4_096)]
  try {
    for (;;) writeFileSync(file, block, write)
  } catch {
    return () => rmSync(file)
  }
}

async function signInUntilRefused({ miniLogin }: Stage, round: number): Promise<string[]> {
  const reasons: string[] = []
  for (let turn = 0; turn < 500 && reasons.length < 20; turn++) {
    const people = Array.from({ length: 16 }, (_, i) => miniLogin(`person-${round}-${turn}-${i}`))
    for (const { reason } of await Promise.all(people)) if (reason !== null) reasons.push(reason)
  }
  return reasons
}

it.skipIf(why !== '')(`a full disk refuses writes and nothing else${why}`, async () => {
  const folder = mountSmallDisk()
  onTestFinished(() => unmount(folder))
  const stage = await setStage({ folder })
  const { tokens, user } = await stage.signIn('ming')
  const reasons: string[] = []
  let full = 0
  for (const round of rounds({ short: 3, long: 50 })) {
    const giveBack = fill(folder)
    reasons.push(...(await signInUntilRefused(stage, round)))
    const me = await stage.caller.call('me', { token: tokens.accessToken })
    expect(me.reason).toBeNull()
    giveBack()
    expect((await stage.signIn('ming')).user.id).toBe(user.id)
    full += 1
  }
  report('disk full', { times: full, refusals: JSON.stringify(tally(reasons)) })
  expect(new Set(reasons)).toEqual(new Set(['overloaded']))
  expect(stage.integrity()).toBe('ok')
})
