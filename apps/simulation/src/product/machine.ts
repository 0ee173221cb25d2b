import * as crypto from 'node:crypto'
import { cheapCrypto } from './cheap-crypto.ts'

/** What the product reads of the machine during a run. */
export interface Machine {
  /** Milliseconds since the epoch. */
  now(): number
  /** A number in [0, 1). */
  random(): number
  /** Runs the function after a delay in ms, and returns how to cancel it. */
  after(delay: number, run: () => void): () => void
  /** Runs the function as the next task. */
  soon(run: () => void): void
}

let current: Machine | null = null

/** Sets the machine of the run that begins; null ends it. */
export function setMachine(machine: Machine | null): void {
  current = machine
}

export function machine(): Machine {
  if (current === null) throw new Error('the product was used outside of a run')
  return current
}

/** What stands in for the globals of a bundle. */
export function machineGlobals(): Record<string, unknown> {
  const setTimer = (run: () => void, delay = 0) => ({ cancel: machine().after(delay, run) })
  const clearTimer = (timer: { cancel(): void } | 0 | undefined) => {
    if (timer) timer.cancel()
  }
  class MachineDate extends Date {
    static override now = () => machine().now()
    constructor(...given: [] | [number | string]) {
      if (given.length === 0) super(machine().now())
      else super(given[0])
    }
  }
  const math = Object.create(Math, { random: { value: () => machine().random() } })
  return {
    setTimeout: setTimer,
    clearTimeout: clearTimer,
    Date: MachineDate,
    Math: math,
    performance: { now: () => machine().now() },
  }
}

/** The modules of Node that a bundle may import. Random bytes come from the run. */
export function machineModule(name: string): unknown {
  if (name === 'node:perf_hooks') return { performance: { now: () => machine().now() } }
  if (name === 'node:crypto') return machineCrypto
  return null
}

/** Three bytes of each number that is drawn. */
const randomBytes = (size: number): Buffer => {
  const bytes = Buffer.allocUnsafe(size)
  const { random } = machine()
  for (let at = 0, left = 0; at < size; at++) {
    left = at % 3 === 0 ? Math.floor(random() * 2 ** 24) : left >>> 8
    bytes[at] = left
  }
  return bytes
}

const machineCrypto = {
  ...crypto,
  ...cheapCrypto,
  randomBytes,
  randomUUID: () => {
    const hex = randomBytes(16).toString('hex')
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      hex.slice(12, 16),
      hex.slice(16, 20),
      hex.slice(20),
    ].join('-')
  },
}
