import process from 'node:process'

/** What asks a program to end. */
export const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Passes the signals that ask this process to end on to a child; this process ends when the child has. */
export function passSignals(child) {
  for (const signal of endSignals) process.on(signal, () => child.kill(signal))
}

/**
 * Calls `stop` once when the process that started this one is gone; returns a function that ends the watch. `npm start` runs this process through a shell: a
 * SIGTERM to npm ends npm and the shell, and reaches nothing below them.
 */
export function followParent(stop) {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    stop()
  }, 250)
  timer.unref()
  return () => clearInterval(timer)
}
