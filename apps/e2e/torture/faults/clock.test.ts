import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { dataOf } from '../stage/caller.ts'
import { report, tally } from '../stage/figures.ts'
import { rounds } from '../stage/length.ts'
import { password, type Stage, setStage } from '../stage/stage.ts'

/** Debian's package `faketime`. Without it apps/api/test/clock.test.ts stands alone, with an injected clock. */
const library = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`)
  .find(existsSync)

/** A service whose every clock of the day (its own, SQLite's, OpenSSL's) can be moved while it runs. */
async function setStageWithClock() {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-clock-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'offset')
  writeFileSync(file, '+0')
  const stage = await setStage({
    env: {
      LD_PRELOAD: library ?? '',
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      // A clock that is set moves the time of day and no timer.
      DONT_FAKE_MONOTONIC: '1',
      SIGN_UP: 'bind',
    },
  })
  const ahead = async () => {
    const { tokens } = await register(stage, `clock-${Math.random()}`)
    return Date.parse(tokens.accessTokenExpiresAt) - 900_000 - Date.now()
  }
  const jump = async (seconds: number) => {
    writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}`)
    expect(Math.abs((await ahead()) - seconds * 1000)).toBeLessThan(5_000)
  }
  return { stage, jump }
}

interface Tokens {
  readonly accessToken: string
  readonly accessTokenExpiresAt: string
  readonly refreshToken: string
}

async function register(stage: Stage, user: string) {
  const proof = { ticket: await stage.ticketFor(user) }
  const account = `a${user.replace(/\W/g, '')}`
  const made = await stage.caller.call<{ tokens: Tokens }>('register', {
    input: { proof, account, password },
  })
  return dataOf(made)
}

/** Ten minutes ahead, ten behind, and back again, each with tokens from the times before. */
async function liveThroughJumps({ stage, jump }: Awaited<ReturnType<typeof setStageWithClock>>) {
  const { caller } = stage
  const outcomes: string[] = []
  const note = (what: string, { reason }: { reason: string | null }) =>
    outcomes.push(`${what}: ${reason ?? 'ok'}`)
  const name = `ming-${Math.random()}`
  let { tokens } = await register(stage, name)
  for (const seconds of [600, 0, -600, 0, 600, -600]) {
    const ticket = await stage.ticketFor(`hong-${Math.random()}`)
    await jump(seconds)
    note('me', await caller.call('me', { token: tokens.accessToken }))
    const { refreshToken } = tokens
    tokens = dataOf(await caller.call<Tokens>('session.refresh', { input: { refreshToken } }))
    note('me, renewed', await caller.call('me', { token: tokens.accessToken }))
    note('sign-in', await stage.miniLogin(name))
    const input = { proof: { ticket }, account: `b${Math.random()}`.replace(/\W/g, ''), password }
    note('register', await caller.call('register', { input }))
  }
  await jump(0)
  return outcomes
}

it.runIf(library)(
  'a clock set by ten minutes, either way, signs nobody out (where faketime is installed)',
  async () => {
    const set = await setStageWithClock()
    const outcomes: string[] = []
    for (const _ of rounds({ short: 1, long: 100 })) outcomes.push(...(await liveThroughJumps(set)))
    const counted = tally(outcomes)
    const jumps = outcomes.length / 4
    report('clock ± 10 minutes', { jumps, outcomes: JSON.stringify(counted) })
    // Half of the jumps go ahead, by more than the five minutes that a ticket lives.
    expect(counted).toEqual({
      'me: ok': jumps,
      'me, renewed: ok': jumps,
      'sign-in: ok': jumps,
      'register: ok': jumps / 2,
      'register: ticket_rejected': jumps / 2,
    })
    expect(set.stage.log()).not.toContain('unexpected error')
    expect(set.stage.isAlive()).toBe(true)
  },
)
