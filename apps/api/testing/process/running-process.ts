import type { ChildProcess } from 'node:child_process'

export interface RunningProcess {
  readonly child: ChildProcess
  /** Its output so far. */
  readonly output: { stdout: string; stderr: string }
  /** Its address; rejects when the process ends before it listens. */
  readonly listening: Promise<string>
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>
  stop(signal?: NodeJS.Signals): Promise<number | null>
}
