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

/** Listens on a port of this machine, and stops again. Returns the port; 0 stands for one that is free. */
async function tryPort(port: number): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  const { port: used } = server.address() as AddressInfo
  server.close()
  return used
}

/** A port of this machine that is free now. */
export const freePort = (): Promise<number> => tryPort(0)

const otherPort = (port: number): number => (port > 64_535 ? port - 1000 : port + 1000)

/** Throws with the variable to change where one of the ports cannot be used. */
export async function checkPorts(ports: Readonly<Record<string, string>>): Promise<void> {
  const names = Object.keys(ports)
  for (const [index, [variable, port]] of Object.entries(ports).entries()) {
    if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
      throw new Error(`${variable} must be a port from 1 to 65535.`)
    const other = names.slice(0, index).find((name) => ports[name] === port)
    if (other !== undefined) throw new Error(`${other} and ${variable} are both ${port}.`)
    await tryPort(Number(port)).catch(({ code }: NodeJS.ErrnoException) => {
      throw new Error(
        `Port ${port} cannot be used (${code}). Choose another one: ${variable}=${otherPort(Number(port))} npm start`,
      )
    })
  }
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
