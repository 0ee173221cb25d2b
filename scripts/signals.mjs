import { readFileSync } from 'node:fs'
import process from 'node:process'

/** What asks a program to end. */
const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP']

let handler = () => process.exit(130)

/**
 * Sets what happens when this process is asked to end, by a signal or because the process that started it is gone:
 * `end(signal)`. Without it the process exits. Returns a function that sets the handler of before.
 */
export function onEnd(end) {
  const before = handler
  handler = end
  return () => {
    handler = before
  }
}

/**
 * The processes that must live. `npm start` runs a script through a shell: a SIGTERM to npm ends npm and the shell, a
 * SIGKILL ends npm alone, and neither reaches the script. Linux names the parent of the shell in /proc.
 */
function ancestors() {
  const parent = process.ppid
  if (process.env.npm_lifecycle_event === undefined) return [parent]
  try {
    const stat = readFileSync(`/proc/${parent}/stat`, 'utf8')
    // The name of the program, in parentheses, may contain blanks.
    return [parent, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]
  } catch {
    return [parent]
  }
}

// Read once and at once: a parent that ends while something is fetched or installed must be missed too.
const first = ancestors()

/** In a container npm may be process 1. Elsewhere process 1 adopts what lost its parent before this line. */
function isOrphan() {
  if (first[0] !== 1 || process.env.npm_lifecycle_event === undefined) return false
  try {
    return !readFileSync('/proc/1/cmdline', 'utf8').includes('npm')
  } catch {
    return false
  }
}
const startedAsOrphan = isOrphan()

for (const signal of endSignals) process.on(signal, () => handler(signal))
const watch = setInterval(() => {
  if (!startedAsOrphan && String(ancestors()) === String(first)) return
  clearInterval(watch)
  handler('SIGTERM')
}, 250)
watch.unref()
