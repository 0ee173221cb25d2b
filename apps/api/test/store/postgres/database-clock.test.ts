import { beforeAll, expect, it, onTestFinished } from 'vitest'
import {
  type DatabaseClock,
  openDatabaseClock,
} from '../../../src/store/postgres/clock/database-clock.ts'
import { openObservedClock } from '../../../src/store/postgres/clock/observed-clock.ts'
import { openPostgres, type Queries } from '../../../src/store/postgres/connection/index.ts'
import { createTestDatabase, describePostgres } from '../../../testing/postgres/test-database.ts'
import { day } from './audit-nodes.ts'
import { openClient } from './nodes.ts'

/** A database whose clock is set by the test. The reply comes `late` ms after the question. */
function createFakeDatabase() {
  const database = { time: 1_800_000_000_000, uptime: 5_000, late: 0, isAway: false }
  const pass = (ms: number): void => {
    database.time += ms
    database.uptime += ms
  }
  const reads = {
    async first() {
      if (database.isAway) throw new Error('away')
      const { late } = database
      pass(late / 2)
      const now = database.time
      pass(late / 2)
      return { now }
    },
  } as unknown as Queries
  return { database, reads, pass }
}

async function openFakeClock(aheadMs = 0) {
  const fake = createFakeDatabase()
  const lines: string[] = []
  const clock = await openDatabaseClock({
    reads: fake.reads,
    warn: (line) => void lines.push(line),
    wallClock: () => fake.database.time + aheadMs,
    uptime: () => fake.database.uptime,
  })
  onTestFinished(() => clock.close())
  return { ...fake, clock, lines }
}

describePostgres('the clock of the database', () => {
  let url: string
  beforeAll(async () => {
    url = await createTestDatabase()
  })

  it('is the time of every node, however wrong the clocks of their machines are', async () => {
    const clocks: DatabaseClock[] = []
    for (const skewMs of [-90_000, 0, 90_000]) {
      const postgres = await openPostgres(url)
      const clock = await openDatabaseClock({
        reads: postgres.reads,
        warn: () => {},
        wallClock: () => Date.now() + skewMs,
      })
      onTestFinished(async () => {
        clock.close()
        await postgres.close()
      })
      expect(Math.abs(clock.offset() + skewMs)).toBeLessThan(10_000)
      clocks.push(clock)
    }
    const times = clocks.map(({ now }) => now())
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(10_000)
  })

  it('is read in full, however few digits the database shows of a float8', async () => {
    const rounded = await createTestDatabase()
    const client = await openClient(rounded)
    await client.query(`do $$ begin
      execute format('alter database %I set extra_float_digits = -15', current_database()); end $$`)
    const postgres = await openPostgres(rounded)
    onTestFinished(() => postgres.close())
    const clock = await openDatabaseClock({ reads: postgres.reads, warn: () => {} })
    onTestFinished(() => clock.close())
    expect(Math.abs(clock.offset())).toBeLessThan(10_000)
  })

  it('goes on with the uptime, whatever the clock of the machine is set to', async () => {
    const { clock, database, pass } = await openFakeClock()
    expect(clock.now()).toBe(database.time)
    pass(29_000)
    expect(clock.now()).toBe(database.time)
  })

  it('takes the middle of the fastest of three questions', async () => {
    const { clock, database } = await openFakeClock()
    database.late = 400
    await clock.measure()
    expect(clock.now()).toBe(database.time)
  })

  it('makes up for a small difference slowly, and is never set back for it', async () => {
    const { clock, database, pass } = await openFakeClock()
    database.time -= 500
    const before = clock.now()
    await clock.measure()
    expect(clock.now()).toBe(before)
    pass(1_000)
    expect(clock.now()).toBe(before + 900)
    pass(4_000)
    expect(clock.now()).toBe(database.time)
    pass(4_000)
    expect(clock.now()).toBe(database.time)
  })

  it('is set at once where it is wrong by two seconds or more', async () => {
    const { clock, database } = await openFakeClock()
    database.time += 2_000
    await clock.measure()
    expect(clock.now()).toBe(database.time)
  })

  it('goes on while the database is away', async () => {
    const { clock, database, pass } = await openFakeClock()
    database.isAway = true
    await clock.measure()
    pass(60_000)
    expect(clock.now()).toBe(database.time)
  })

  it.each([
    [999, []],
    [1_000, ['the clock of this machine is 1.0 s ahead of the database’s']],
    [-1_000, ['the clock of this machine is 1.0 s behind the database’s']],
  ])(
    'says in one line, once, that the clock of the machine is wrong: by %i ms',
    async (ahead, said) => {
      const { clock, lines } = await openFakeClock(ahead)
      await clock.measure()
      expect(lines.map((line) => line.replace("'", '’').split(',')[0])).toEqual(said)
      expect(clock.offset()).toBe(-ahead)
    },
  )

  it('is believed no faster than ten times the uptime, over a restart too', async () => {
    const postgres = await openPostgres(url)
    onTestFinished(() => postgres.close())
    const { reads, writes } = postgres
    let uptime = 0
    const open = () => openObservedClock({ reads, writes, onError: () => {}, uptime: () => uptime })
    const first = await open()
    const now = 1_800_000_000_000
    expect(first.observe(now)).toEqual({ earliest: now, latest: now })
    await expect.poll(() => reads.first('select at from observed_time')).toEqual({ at: now })
    const second = await open()
    uptime = 1_000
    expect(second.observe(now + day)).toEqual({ earliest: now + 10_000, latest: now + day })
  })
})
