export interface TestClock {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Moves the time on, in ms. */
  advance(ms: number): void
}

/** A clock that stands still until it is moved. */
export function createTestClock(start = 1_800_000_000_000): TestClock {
  let time = start
  return {
    now: () => time,
    advance: (ms) => {
      time += ms
    },
  }
}
