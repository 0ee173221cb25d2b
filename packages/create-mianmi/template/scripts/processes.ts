import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { type AddressInfo, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'

export const appId = '%appid%'

const require = createRequire(import.meta.url)

/** The script of a command that a package brings along. */
export function commandOf(name: string, command: string): string {
  const file = require.resolve(`${name}/package.json`)
  return join(dirname(file), require(file).bin[command])
}

/** A process that was started, and what it has printed. */
export interface Running {
  name: string
  child: ChildProcess
  output(): string
}

/** Starts a script with Node. */
export function start(name: string, script: string, env: Record<string, string>): Running {
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => lines.push(text))
  return { name, child, output: () => lines.join('') }
}

/** Resolves when the address answers; throws with the last lines of the process where it ends before. */
export async function answers(running: Running, url: string): Promise<void> {
  const { name, child } = running
  while (child.exitCode === null && child.signalCode === null) {
    const reply = await fetch(url).catch(() => null)
    if (reply) return
    await wait(100)
  }
  throw new Error(`${name} has ended:\n${lastLines(running)}`)
}

export const lastLines = ({ output }: Running): string =>
  output().trim().split('\n').slice(-5).join('\n')

export async function stop({ child }: Running): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

/** A port of this machine that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/** WeChat's server API on this machine. */
export const startSandbox = (port: number | string): Running =>
  start('sandbox', commandOf('@mianmi/wechat-sandbox', 'wechat-sandbox'), {
    SANDBOX_PORT: String(port),
  })

/** mianmi, which signs in: every new WeChat user becomes a user (SIGN_UP=auto). */
export const startMianmi = (port: number | string, env: Record<string, string>): Running =>
  start('mianmi', commandOf('@mianmi/service', 'mianmi'), {
    PORT: String(port),
    SIGN_UP: 'auto',
    ...env,
  })
