import process from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Loaded into the service by NODE_OPTIONS: at SIGUSR2 it collects what is garbage and prints what is left.
 * V8 collects when it likes to, so memory in use by itself says little of what is held.
 */
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
/** V8 gives memory back behind the collection, in ms. */
const givenBackAfter = 500
process.on('SIGUSR2', () => {
  collect()
  collect()
  setTimeout(() => {
    const { rss, heapUsed } = process.memoryUsage()
    process.stdout.write(`${JSON.stringify({ heldBytes: rss, heapBytes: heapUsed })}\n`)
  }, givenBackAfter)
})
