import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { isOnPostgres } from '../../test/under-test/database.ts'
import { report, tally } from '../harness/figures.ts'
import { type Harness, password, startHarness } from '../harness/harness.ts'
import { dataOf } from '../harness/http-client.ts'
import { rounds } from '../harness/run-length.ts'

/** From Debian's package `faketime`. Without it only apps/api/test/flows/clock.test.ts, with an injected clock, covers this. */
const library = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`)
  .find(existsSync)

/** Starts a service whose wall clock (in Node, SQLite and OpenSSL) can be changed while it runs. */
async function startHarnessWithClock() {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-clock-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'offset')
  writeFileSync(file, '+0')
  const harness = await startHarness({
    env: {
      LD_PRELOAD: library ?? '',
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      // Setting a real clock changes the time of day but no timer.
      DONT_FAKE_MONOTONIC: '1',
      SIGN_UP: 'bind',
    },
  })
  const clockOffsetMs = async () => {
    const { tokens } = await register(harness, `clock-${Math.random()}`)
    return Date.parse(tokens.accessTokenExpiresAt) - 900_000 - Date.now()
  }
  const setClock = async (seconds: number) => {
    writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}`)
    expect(Math.abs((await clockOffsetMs()) - seconds * 1000)).toBeLessThan(5_000)
  }
  return { harness, setClock }
}

interface Tokens {
  readonly accessToken: string
  readonly accessTokenExpiresAt: string
  readonly refreshToken: string
}

async function register(harness: Harness, user: string) {
  const proof = { ticket: await harness.ticketFor(user) }
  const account = `a${user.replace(/\W/g, '')}`
  const registered = await harness.client.call<{ tokens: Tokens }>('register', {
    input: { proof, account, password },
  })
  return dataOf(registered)
}

/** Sets the clock ten minutes ahead, back and behind; each time uses the tokens that were issued before. */
async function callAcrossClockJumps({
  harness,
  setClock,
}: Awaited<ReturnType<typeof startHarnessWithClock>>) {
  const { client } = harness
  const results: string[] = []
  const record = (name: string, { reason }: { reason: string | null }) =>
    results.push(`${name}: ${reason ?? 'ok'}`)
  const user = `ming-${Math.random()}`
  let { tokens } = await register(harness, user)
  for (const seconds of [600, 0, -600, 0, 600, -600]) {
    const ticket = await harness.ticketFor(`hong-${Math.random()}`)
    await setClock(seconds)
    record('me', await client.call('me', { token: tokens.accessToken }))
    const { refreshToken } = tokens
    tokens = dataOf(await client.call<Tokens>('session.refresh', { input: { refreshToken } }))
    record('me, refreshed', await client.call('me', { token: tokens.accessToken }))
    record('sign-in', await harness.miniLogin(user))
    const input = { proof: { ticket }, account: `b${Math.random()}`.replace(/\W/g, ''), password }
    record('register', await client.call('register', { input }))
  }
  await setClock(0)
  return results
}

// On PostgreSQL a node goes by the clock of the database: apps/api/test/store/postgres/database-clock.test.ts.
it.runIf(library && !isOnPostgres)(
  'setting the clock ahead or back by ten minutes signs no user out (needs faketime)',
  async () => {
    const clocked = await startHarnessWithClock()
    const results: string[] = []
    for (const _ of rounds({ short: 1, long: 100 }))
      results.push(...(await callAcrossClockJumps(clocked)))
    const counts = tally(results)
    const jumps = results.length / 4
    report('clock ± 10 minutes', { jumps, results: JSON.stringify(counts) })
    // A jump ahead is longer than the lifetime of a ticket, and one back leaves a ticket of the future.
    expect(counts).toEqual({
      'me: ok': jumps,
      'me, refreshed: ok': jumps,
      'sign-in: ok': jumps,
      'register: ticket_rejected': jumps,
    })
    expect(clocked.harness.log()).not.toContain('unexpected error')
    expect(clocked.harness.isAlive()).toBe(true)
  },
)
