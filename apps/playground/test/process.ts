import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const built = fileURLToPath(new URL('../dist/main.js', import.meta.url))

export interface Playground {
  url: string
  /** Ends it as an operator does; the exit code. */
  stop(): Promise<number | null>
}

function spawnBuilt(env: Record<string, string>) {
  return spawn(process.execPath, [built], {
    env: { PLAYGROUND_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** The built server as a process; resolves when it has printed its address. */
export async function startPlayground(env: Record<string, string>): Promise<Playground> {
  const child = spawnBuilt(env)
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return {
    url: line.replace('playground: ', ''),
    async stop() {
      if (child.exitCode !== null) return child.exitCode
      child.kill('SIGTERM')
      const [code] = (await once(child, 'exit')) as [number | null]
      return code
    },
  }
}

/** One that cannot start. */
export async function failToStart(env: Record<string, string>) {
  const child = spawnBuilt(env)
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stderr }
}

/** Unlike fetch, sends the `Host` and `Sec-Fetch-*` headers it is told to. */
export function ask(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}
