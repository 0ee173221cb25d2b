import process from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Loaded into the service through NODE_OPTIONS. On SIGUSR2 it runs the garbage collector and prints the remaining memory.
 * V8 decides by itself when to collect, so without a forced collection the memory in use does not show the live objects.
 */
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
/** V8 returns memory to the system a while after the collection, in ms. */
const memoryReleaseDelayMs = 500
process.on('SIGUSR2', () => {
  collect()
  collect()
  setTimeout(() => {
    const { rss, heapUsed } = process.memoryUsage()
    process.stdout.write(`${JSON.stringify({ residentBytes: rss, heapBytes: heapUsed })}\n`)
  }, memoryReleaseDelayMs)
})
