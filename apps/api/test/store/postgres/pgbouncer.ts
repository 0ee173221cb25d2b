import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const nobody = 65_534
/** Debian's package `pgbouncer`. */
export const pgBouncer = '/usr/sbin/pgbouncer'

/** Starts PgBouncer in transaction mode with few connections to the server, so that clients share them. */
export async function startPgBouncer(
  url: string,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const { hostname, port: serverPort, pathname, username } = new URL(url)
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-pgbouncer-'))
  const file = join(folder, 'pgbouncer.ini')
  writeFileSync(
    file,
    `[databases]
* = host=${hostname} port=${serverPort} user=${username}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
auth_type = any
pool_mode = transaction
default_pool_size = 5
max_client_conn = 200
`,
    { mode: 0o644 },
  )
  // PgBouncer refuses to run as root.
  const isRoot = process.getuid?.() === 0
  if (isRoot) chownSync(folder, nobody, nobody)
  const user = isRoot ? { uid: nobody, gid: nobody } : {}
  const child = spawn(pgBouncer, ['-q', file], { ...user, stdio: 'ignore', cwd: folder })
  const ended = once(child, 'exit')
  await Promise.race([isListening(port), failed(ended)])
  return {
    url: `postgres://${username}@127.0.0.1:${port}${pathname}`,
    async stop() {
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Resolves when a connection to the port is accepted. */
async function isListening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const event = await Promise.race([
      once(socket, 'connect').then(() => 'open'),
      new Promise<string>((resolve) => socket.once('error', () => resolve('refused'))),
    ]).catch(() => 'refused')
    socket.destroy()
    if (event === 'open') return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function failed(ended: Promise<unknown[]>): Promise<never> {
  const [code] = await ended
  throw new Error(`PgBouncer does not start: exit code ${code}`)
}
