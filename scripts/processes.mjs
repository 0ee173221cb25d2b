import { spawn } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import process from 'node:process'
import { root } from './workspace.mjs'

/** Lines of a process's output that are shown when it ends by itself. */
const shownLines = 20

/** A process that has not ended this many ms after SIGTERM is killed; the service finishes what is in flight within 10 s. */
const killAfter = 15_000

/**
 * Processes that run together: when one of them ends by itself, `ended` is called with its name, how it ended and its last
 * lines; also when its log cannot be written.
 * After `stop` no further one starts.
 */
export function createProcesses(ended) {
  const running = new Map()
  let stopping = null

  function start(name, { args, cwd = root, env, log }) {
    if (stopping !== null) return
    const failed = (error) => {
      if (stopping === null) ended({ name, how: 'without a log', tail: error.message })
    }
    let output
    try {
      output = openLog(log)
    } catch (error) {
      return failed(error)
    }
    output.once('error', failed)
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let tail = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output.write(chunk)
        tail = (tail + chunk).split('\n').slice(-shownLines).join('\n')
      })
    running.set(name, child)
    child.once('close', (code, signal) => {
      running.delete(name)
      output.end(() => {
        const how = signal === null ? `with exit code ${code}` : `by ${signal}`
        if (stopping === null) ended({ name, how, tail })
      })
    })
  }

  /** Ends all of them; resolves when the last one has ended. */
  function stop() {
    stopping ??= Promise.all(
      [...running.values()].map(
        (child) =>
          new Promise((done) => {
            child.once('close', done)
            child.kill('SIGTERM')
            setTimeout(() => child.kill('SIGKILL'), killAfter).unref()
          }),
      ),
    )
    return stopping
  }

  return { start, stop, isStopping: () => stopping !== null }
}

/** A new log; the one of the run before is kept beside it, as `NAME.previous.log`. */
function openLog(path) {
  mkdirSync(dirname(path), { recursive: true })
  if (existsSync(path)) renameSync(path, path.replace(/\.log$/, '.previous.log'))
  return createWriteStream(path)
}
