import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const built = fileURLToPath(new URL('../dist/main.js', import.meta.url))

export interface Playground {
  url: string
  /** Sends `signal`, by default SIGTERM; resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

function spawnBuilt(env: Record<string, string>) {
  return spawn(process.execPath, [built], {
    env: { PLAYGROUND_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Starts the built server as a process; resolves when it has printed its address. */
export async function startPlayground(env: Record<string, string>): Promise<Playground> {
  const child = spawnBuilt(env)
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return {
    url: line.replace('playground: ', ''),
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null) return child.exitCode
      child.kill(signal)
      const [code] = (await once(child, 'exit')) as [number | null]
      return code
    },
  }
}

/** Starts a process that is expected to fail; resolves with its exit code and output. */
export async function failToStart(env: Record<string, string>) {
  const child = spawnBuilt(env)
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ])
  return { code, stdout, stderr }
}

/** The status of a GET request; unlike fetch it can send `Host` and `Sec-Fetch-*` headers. */
export function statusOf(
  url: string,
  headers: Record<string, string>,
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}
