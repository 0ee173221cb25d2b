import type { Queries } from '../connection/index.ts'

/** Time between two measurements, in ms, and how many questions one has. */
const measureEveryMs = 30_000
const questions = 3
/** How fast a difference is made up for, in ms per ms, and from which difference on the clock is set at once, in ms. */
const slewRate = 0.1
const stepFromMs = 2_000
/** From which difference on the log says that the clock of this machine is wrong, in ms. */
const warnFromMs = 1_000

export interface DatabaseClock {
  /** ms since the epoch. */
  readonly now: () => number
  /** How far the clock of this machine is behind that of the database, in ms; negative where it is ahead. */
  readonly offset: () => number
  /** Measures again. Never fails: while the database is away, the clock goes on. */
  measure(): Promise<void>
  close(): void
}

interface DatabaseClockOptions {
  readonly reads: Queries
  readonly warn: (line: string) => void
  /** The clock of this machine. Default: `Date.now`. */
  readonly wallClock?: () => number
  /** A time in ms that no setting of the clock changes. Default: `performance.now`. */
  readonly uptime?: () => number
}

/**
 * The clock of the database, followed by each node, so that nodes whose own clocks differ agree about what has expired.
 * Between two measurements the time goes on with the uptime of the process, which no setting of the clock changes. It is
 * not set back for a small difference, and goes slower instead.
 */
export async function openDatabaseClock({
  reads,
  warn,
  wallClock = Date.now,
  uptime = () => performance.now(),
}: DatabaseClockOptions): Promise<DatabaseClock> {
  let zero = await measureZero(reads, uptime)
  /** What is still to be made up for, since when. */
  let slew = { difference: 0, since: uptime() }
  let isWarned = false

  const current = (): number => {
    const { difference, since } = slew
    const most = (uptime() - since) * slewRate
    return zero + Math.sign(difference) * Math.min(Math.abs(difference), most)
  }
  const offset = (): number => Math.round(uptime() + current() - wallClock())
  const check = (): void => {
    const behind = offset()
    const isWrong = Math.abs(behind) >= warnFromMs
    if (isWrong && !isWarned) {
      const [seconds, direction] = [Math.abs(behind) / 1_000, behind > 0 ? 'behind' : 'ahead of']
      warn(
        `the clock of this machine is ${seconds.toFixed(1)} s ${direction} the database's, which counts; synchronize it`,
      )
    }
    isWarned = isWrong
  }
  const measure = async (): Promise<void> => {
    try {
      const measured = await measureZero(reads, uptime)
      const before = current()
      const difference = measured - before
      const isStep = Math.abs(difference) >= stepFromMs
      zero = isStep ? measured : before
      slew = { difference: isStep ? 0 : difference, since: uptime() }
      check()
    } catch {
      // The database is away, which every call says.
    }
  }
  check()
  const timer = setInterval(() => void measure(), measureEveryMs).unref()
  return {
    now: () => Math.floor(uptime() + current()),
    offset,
    measure,
    close: () => clearInterval(timer),
  }
}

/**
 * The time of the database at uptime 0, in ms: as if its reply had been made halfway between question and answer, by the
 * question that was answered fastest.
 */
async function measureZero(reads: Queries, uptime: () => number): Promise<number> {
  const answers: { zero: number; took: number }[] = []
  for (let question = 0; question < questions; question++) {
    const asked = uptime()
    const answer = await reads.first<{ now: number }>(
      // Not float8, of which extra_float_digits of the role may cut digits.
      'select round(extract(epoch from clock_timestamp()) * 1000)::bigint as now',
    )
    const answered = uptime()
    if (answer === null) throw new Error('the database returned no time')
    answers.push({ zero: answer.now - (asked + answered) / 2, took: answered - asked })
  }
  return answers.reduce((best, each) => (each.took < best.took ? each : best)).zero
}
