import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { get } from 'node:http'
import { createServer } from 'node:net'
import { performance } from 'node:perf_hooks'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'

/** A start fails when the server is not ready after this many ms. */
const startTimeoutMs = 15_000
/** Linux counts CPU time in ticks of 1/100 s. */
const microsecondsPerTick = 10_000

const running = new Set()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/**
 * Starts `node ...args` and resolves when GET `ready` replies 200. `args(port)` and `env(port)` get the port. `core`
 * pins the process to a core unless it is null.
 */
export async function startServer({ args, env = () => ({}), ready, core, cwd }) {
  const port = await freePort()
  const command = [process.execPath, ...args(port)]
  const [file, ...rest] = core === null ? command : ['taskset', '-c', String(core), ...command]
  const startedAt = performance.now()
  const child = spawn(file, rest, {
    cwd,
    // No inherited environment, so that no variable affects one server more than another.
    env: { NODE_ENV: 'production', ...env(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  running.add(child)
  let errorOutput = ''
  child.stderr.on('data', (chunk) => {
    errorOutput = (errorOutput + chunk).slice(-2_000)
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  ended.then(() => running.delete(child))
  await untilReady({ port, path: ready, child, errorOutput: () => errorOutput })
  return {
    port,
    startMs: performance.now() - startedAt,
    startCpuMs: scheduledMs(child.pid),
    cpu: () => cpuOf(child.pid),
    rss: () => rssOf(child.pid),
    coreBusy: () => (core === null ? null : busyTime(core)),
    stop: () => stop(child, ended),
  }
}

async function stop(child, ended) {
  child.kill('SIGTERM')
  const forced = setTimeout(() => child.kill('SIGKILL'), 3_000)
  await ended
  clearTimeout(forced)
}

async function untilReady({ port, path, child, errorOutput }) {
  const end = performance.now() + startTimeoutMs
  while (performance.now() < end) {
    if (child.exitCode !== null) break
    if ((await status(port, path)) === 200) return
    await wait(1)
  }
  child.kill('SIGKILL')
  throw new Error(`${child.spawnargs.join(' ')} did not become ready\n${errorOutput()}`)
}

function status(port, path) {
  return new Promise((resolve) => {
    const request = get({ port, path, host: '127.0.0.1', agent: false }, (reply) => {
      reply.resume()
      resolve(reply.statusCode)
    })
    request.once('error', () => resolve(null))
  })
}

export function freePort() {
  return new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

/** CPU time of all threads in µs (proc(5), `stat`, fields 14 and 15), null without /proc. */
function cpuOf(pid) {
  if (process.platform !== 'linux') return null
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * microsecondsPerTick
}

/**
 * CPU time of all running threads in ms, finer than ticks (Documentation/scheduler/sched-stats of Linux); null without
 * /proc.
 */
function scheduledMs(pid) {
  if (process.platform !== 'linux') return null
  const tasks = `/proc/${pid}/task`
  const times = readdirSync(tasks).map((id) => {
    const [ns] = readFileSync(`${tasks}/${id}/schedstat`, 'utf8').split(' ')
    return Number(ns) / 1e6
  })
  return times.reduce((sum, ms) => sum + ms, 0)
}

/** The busy time of a core, all programs, in µs (proc(5), `stat`: user, nice and system time). */
function busyTime(core) {
  const [, line] =
    new RegExp(`^cpu${core} (.*)$`, 'm').exec(readFileSync('/proc/stat', 'utf8')) ?? []
  const [user, nice, system] = line.split(' ').map(Number)
  return (user + nice + system) * microsecondsPerTick
}

/** Resident memory in MiB (proc(5), `status`, VmRSS); null without /proc. */
function rssOf(pid) {
  if (process.platform !== 'linux') return null
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kib) / 1024
}
