import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('receiver-process.mjs', import.meta.url))

/** An event as a receiver got it; `error` where the call did not verify. */
export interface ReceivedEvent {
  readonly id: string
  readonly type: string
  readonly timestamp: string
  readonly data: Readonly<Record<string, string | null>>
  readonly error?: string
}

export interface Receiver {
  readonly url: string
  /** Starts the process, which knows the secret of the webhook. */
  start(secret: string): Promise<void>
  kill(): Promise<void>
  /** All that was received so far, by this process and those before it. */
  received(): ReceivedEvent[]
}

/** A receiver of webhooks on a port of its own, which is not started yet. */
export async function createReceiver(file: string): Promise<Receiver> {
  const port = await freePort()
  let child: ChildProcess | null = null
  return {
    url: `http://127.0.0.1:${port}/hook`,
    async start(secret) {
      const args = [program, String(port), file, secret]
      const started = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
      child = started
      await once(started.stdout, 'data')
    },
    async kill() {
      if (child === null || child.exitCode !== null || child.signalCode !== null) return
      const closed = once(child, 'close')
      child.kill('SIGKILL')
      await closed
    },
    received: () =>
      existsSync(file)
        ? readFileSync(file, 'utf8')
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => JSON.parse(line))
        : [],
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
