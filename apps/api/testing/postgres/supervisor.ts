// Runs one PostgreSQL cluster in a temporary folder until its standard input ends. Then it stops the cluster and
// removes the folder: also where the process that started it was killed. Arguments: the folder with the binaries, and
// settings of postgres as name=value. Prints one line of JSON when the cluster accepts connections.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const [bin = '', ...settings] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'mianmi-postgres-'))
const data = join(folder, 'data')
// PostgreSQL refuses to run as root: it runs as nobody then.
const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', HOME: folder, TZ: 'UTC' }
const options = { ...user, env, cwd: folder }

let server: ChildProcess | null = null
process.stdin.resume()
process.stdin.once('end', () => void end(0))
process.stdin.once('error', () => void end(0))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end(1))

/** Stops the cluster and removes its folder. */
async function end(code: number): Promise<never> {
  const running = server
  if (running !== null && running.exitCode === null && running.signalCode === null) {
    const ended = once(running, 'exit')
    // A fast shutdown ends the connections. A backend that a test has stopped would hold it up: in an immediate one
    // (SIGQUIT) the postmaster kills what does not end.
    running.kill('SIGINT')
    setTimeout(() => running.kill('SIGQUIT'), 3_000).unref()
    await ended
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  process.exit(code)
}

function fail(message: string): Promise<never> {
  process.stderr.write(`${message.trim()}\n`)
  return end(1)
}

/** A port that is free now. Another process may take it before postgres does: then the start is tried again. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    // An SSLRequest: postgres answers N, and only once it accepts connections.
    const socket = createConnection(port, '127.0.0.1')
    socket.once('connect', () => socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])))
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
    socket.once('data', () => {
      socket.destroy()
      resolve(true)
    })
  })

interface Started {
  readonly port?: number
  readonly pid?: number | undefined
  readonly log?: string
}

/** Starts postgres. Where it ends at once: its log. */
async function start(): Promise<Started> {
  const port = await freePort()
  const own = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`]
  const parameters = [...own, ...settings].flatMap((setting) => ['-c', setting])
  // A process group of its own, which a signal from the terminal does not reach.
  const child = spawn(join(bin, 'postgres'), ['-D', data, ...parameters], {
    ...options,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  server = child
  let log = ''
  child.stderr.on('data', (chunk) => {
    log = (log + chunk).slice(-10_000)
  })
  while (child.exitCode === null && !log.includes('ready to accept connections')) await pause(10)
  while (child.exitCode === null && !(await accepts(port))) await pause(10)
  return child.exitCode === null ? { port, pid: child.pid } : { log }
}

if (user.uid !== undefined) chownSync(folder, user.uid, user.gid)
chmodSync(folder, 0o700)
const initdb = ['-D', data, '-U', 'mianmi', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C']
const made = spawnSync(join(bin, 'initdb'), initdb, { ...options, encoding: 'utf8' })
if (made.status !== 0) await fail(`initdb failed: ${made.error?.message ?? made.stderr}`)
let started = await start()
for (let again = 0; again < 3 && /could not bind/.test(started.log ?? ''); again++)
  started = await start()
if (started.port === undefined) await fail(`postgres does not start: ${started.log}`)
process.stdout.write(`${JSON.stringify({ ...started, folder })}\n`)
